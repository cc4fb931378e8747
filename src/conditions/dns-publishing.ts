import { instant } from '../kernel/words.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import type { Finding } from './condition.ts';
import { withDomains } from './domain-labels.ts';
import { hostsWithFeed } from './feeds.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** Filled in with the subject. */
export const REFUSED_REMEDY =
  'Another host may own _vlmcs._tcp.{{ $labels.domain }}: give this host the right to change it, then restart sppsvc.';
export const SWITCHED_OFF_REMEDY = 'On the host, run slmgr /sdns and restart sppsvc, or create the SRV record by hand.';

/** The last attempt to write the record failed; or publishing is switched off and there is no record. */
export function publishingFailed(snapshot: ConditionSnapshot): readonly Finding[] {
  return [
    ...hostsWithFeed(snapshot).flatMap(refused),
    ...withDomains(snapshot.estate.hosts.flatMap(switchedOff), 'host', snapshot),
  ];
}

function refused({ host, dnsPublish }: HostAggregates): readonly Finding[] {
  return dnsPublish.flatMap(({ domain, result, time }) => {
    if (result !== 'failure') return [];
    const success = dnsPublish.find((other) => other.domain === domain && other.result === 'success');
    if (success !== undefined && success.time >= time) return [];
    return [
      {
        subject: { host, domain },
        summary: `${host} failed to publish itself in ${domain} at ${instant(time)} (event 12293) and has not succeeded since`,
        remedy: REFUSED_REMEDY,
        value: time,
      },
    ];
  });
}

function switchedOff({ host, published, report }: ConditionSnapshot['estate']['hosts'][number]): readonly Finding[] {
  if (published !== false || report?.fresh?.dnsPublishing !== false) return [];
  return [
    {
      subject: { host, publishing: 'off' },
      summary: `${host} has DNS publishing switched off, and no watched domain has a record of it`,
      remedy: SWITCHED_OFF_REMEDY,
    },
  ];
}
