import { type DomainMargin, domainMargins } from '../estate/domain-margins.ts';
import { heardHosts } from '../estate/log-reading.ts';
import { DAY_S, HOUR_MS, MINUTE_MS, millis, seconds } from '../kernel/time.ts';
import { counted, instant, span } from '../kernel/words.ts';
import type { Condition, Finding } from './condition.ts';
import { unlessStale } from './feed-promql.ts';
import { hostsWithFeed } from './feeds.ts';
import { THRESHOLD_RUNBOOKS } from './runbooks/thresholds.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { CLASS_TEMPLATE, classWords } from './words.ts';

/** Seconds: enough time to have more machines ask. */
const AHEAD = 14 * DAY_S;

export const THRESHOLD_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsClientsBelowThreshold',
    severity: 'critical',
    holdsWhen: 'no host of a domain has counted enough clients to activate a class',
    group: 'thresholds',
    hold: millis(15 * MINUTE_MS),
    evaluate: domainBelow,
    promql: 'kms_domain_threshold_margin < 0',
    summary: `No KMS host of {{ $labels.domain }} can activate ${CLASS_TEMPLATE} (count minus threshold: {{ $value }})`,
    meaning:
      'Even the best host of {{ $labels.domain }} has counted too few clients in the last 30 days. It answers, but its clients are not activated (0xC004F038).',
    remedy: 'Have more machines ask the same host within 30 days. Clones that share a client id count as one.',
    runbook: THRESHOLD_RUNBOOKS.KmsClientsBelowThreshold,
  },
  {
    name: 'KmsHostBelowThreshold',
    severity: 'warning',
    holdsWhen: 'a host has not counted enough clients to activate a class',
    group: 'thresholds',
    hold: millis(15 * MINUTE_MS),
    evaluate: hostBelow,
    promql: 'kms_host_threshold_margin < 0',
    summary: `{{ $labels.host }} has too few clients to activate ${CLASS_TEMPLATE} (count minus threshold: {{ $value }})`,
    meaning:
      'A host counts only the clients that ask it. Clients that ask {{ $labels.host }} are not activated (0xC004F038), and try another host if DNS has one.',
    remedy: 'Send all clients to one host by the priority and weight of the SRV records, or take this host out of DNS.',
    runbook: THRESHOLD_RUNBOOKS.KmsHostBelowThreshold,
  },
  {
    name: 'KmsClientsNearThreshold',
    severity: 'warning',
    holdsWhen: 'the best host of a domain is less than `warn_margins` above the threshold',
    group: 'thresholds',
    hold: HOUR_MS,
    evaluate: domainNear,
    promql: 'kms_domain_threshold_margin < on (job, instance, class) group_left kms_threshold_warn_margin',
    summary: `{{ $labels.domain }} is close to the threshold for ${CLASS_TEMPLATE} (count minus threshold: {{ $value }})`,
    meaning: `If a few more machines drop out of the 30-day window, no host in {{ $labels.domain }} can activate ${CLASS_TEMPLATE}.`,
    remedy:
      'Have more machines ask the same host, or move the rest to Active Directory-based activation or MAK in time.',
    runbook: THRESHOLD_RUNBOOKS.KmsClientsNearThreshold,
  },
  {
    name: 'KmsThresholdBreachAhead',
    severity: 'warning',
    holdsWhen: 'the count of a host falls below the threshold within 14 days if no client asks it',
    group: 'thresholds',
    hold: millis(0),
    evaluate: breachAhead,
    promql: `(
  kms_host_threshold_breach_timestamp_seconds - time() < ${AHEAD}
  and
  kms_host_threshold_breach_timestamp_seconds - time() > 0
)
${unlessStale}`,
    summary: `{{ $labels.host }} will fall below the threshold for ${CLASS_TEMPLATE} in {{ $value | humanizeDuration }} if no client asks it`,
    meaning:
      'Few machines have asked {{ $labels.host }} lately. If no more do, its count for the last 30 days falls below the threshold in {{ $value | humanizeDuration }}.',
    remedy:
      'Find out why clients no longer ask: a firewall, DNS, or machines that are gone. kms_renewals_stalled_ratio shows whether renewals have stalled.',
    runbook: THRESHOLD_RUNBOOKS.KmsThresholdBreachAhead,
  },
];

function marginsOf({ estate, logs }: ConditionSnapshot): readonly DomainMargin[] {
  return domainMargins(estate.domains, heardHosts(estate, logs));
}

function domainBelow(snapshot: ConditionSnapshot): readonly Finding[] {
  return marginsOf(snapshot).flatMap(({ domain, cls, margin }) => {
    if (margin >= 0) return [];
    const threshold = snapshot.logs.thresholds[cls];
    return [
      {
        subject: { domain, class: cls },
        summary: `No KMS host of ${domain} can activate ${classWords(cls)}: the best has ${threshold + margin} of ${counted(threshold, 'client')}`,
        remedy: `Have ${counted(-margin, 'more machine')} ask the same host within 30 days. Clones that share a client id count as one.`,
        value: margin,
        limit: 0,
      },
    ];
  });
}

function hostBelow({ estate, logs }: ConditionSnapshot): readonly Finding[] {
  return heardHosts(estate, logs).flatMap(({ host, margins }) =>
    margins
      .filter(({ margin }) => margin < 0)
      .map(({ cls, margin }) => ({
        subject: { host, class: cls },
        summary: `${host} has only ${logs.thresholds[cls] + margin} of the ${counted(logs.thresholds[cls], 'client')} it needs to activate ${classWords(cls)}`,
        value: margin,
        limit: 0,
      })),
  );
}

function domainNear(snapshot: ConditionSnapshot): readonly Finding[] {
  const { warnMargins } = snapshot.logs;
  return marginsOf(snapshot)
    .filter(({ cls, margin }) => margin < warnMargins[cls])
    .map(({ domain, cls, margin }) => ({
      subject: { domain, class: cls },
      summary:
        margin < 0
          ? `${domain} is ${counted(-margin, 'client')} below the threshold for ${classWords(cls)}`
          : `${domain} is only ${counted(margin, 'client')} above the threshold for ${classWords(cls)}`,
      value: margin,
      limit: warnMargins[cls],
    }));
}

/** A time in the past is no forecast: the conditions on the margin cover it. */
function breachAhead(snapshot: ConditionSnapshot): readonly Finding[] {
  const { now } = snapshot.logs;
  return hostsWithFeed(snapshot).flatMap(({ host, margins }) =>
    margins
      .filter(({ breach }) => breach - now < AHEAD && breach - now > 0)
      .map(({ cls, breach }) => ({
        subject: { host, class: cls },
        summary: `If no client asks it, ${host} will fall below the threshold for ${classWords(cls)} in ${span(seconds(breach - now))}, at ${instant(breach)}`,
        value: breach - now,
        limit: AHEAD,
      })),
  );
}
