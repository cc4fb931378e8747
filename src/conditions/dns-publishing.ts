import { instant } from '../kernel/words.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import type { Finding } from './condition.ts';
import { judgedHosts } from './feeds.ts';
import type { Picture } from './picture.ts';

/** The last attempt to write the record failed; or nobody is to write it, and it is not there. */
export function publishingFailed(picture: Picture): readonly Finding[] {
  return [...judgedHosts(picture).flatMap(refused), ...picture.estate.hosts.flatMap(switchedOff)];
}

function refused({ host, dnsPublish }: HostAggregates): readonly Finding[] {
  return dnsPublish.flatMap(({ domain, result, time }) => {
    if (result !== 'failure') return [];
    const success = dnsPublish.find((other) => other.domain === domain && other.result === 'success');
    if (success !== undefined && success.time >= time) return [];
    return [
      {
        subject: { host, domain },
        summary: `${host} could not publish itself in ${domain} at ${instant(time)} (event 12293), and has not since`,
        remedy: `Give the host the right to change _vlmcs._tcp.${domain}, which another host may own, before it is scavenged; then restart sppsvc.`,
        value: time,
      },
    ];
  });
}

function switchedOff({ host, published, report }: Picture['estate']['hosts'][number]): readonly Finding[] {
  if (published !== false || report?.fresh?.dnsPublishing !== false) return [];
  return [
    {
      subject: { host },
      summary: `${host} is told not to publish itself in DNS, and no watched domain has a record of it`,
      remedy: 'Run slmgr /sdns there and restart sppsvc, or write the SRV record by hand.',
    },
  ];
}
