import { heardHosts } from '../estate/log-reading.ts';
import { type DomainMargin, domainMargins } from '../estate/records.ts';
import { DAY_S, HOUR_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import { counted, instant, span } from '../kernel/words.ts';
import type { Condition, Finding } from './condition.ts';
import { unlessStale } from './feed-promql.ts';
import { judgedHosts } from './feeds.ts';
import type { Picture } from './picture.ts';
import { THRESHOLD_RUNBOOKS } from './runbooks/thresholds.ts';
import { CLASS_TEMPLATE, classWords } from './words.ts';

/** Seconds: time enough to have more machines ask. */
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
    description:
      'The best host of {{ $labels.domain }} has too few clients of the last 30 days. It answers, and clients refuse to activate (0xC004F038). Have more machines ask one and the same host within 30 days; clones with one client id count once.',
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
    description:
      'Each host counts only those who ask it. Clients that get to {{ $labels.host }} do not activate (0xC004F038), and go to another host if DNS has one. Send all clients to one host by priority and weight of its SRV record, or take this one out of DNS.',
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
    summary: `{{ $labels.domain }} is near the threshold of ${CLASS_TEMPLATE} (count minus threshold: {{ $value }})`,
    description: `A few machines less within 30 days, and no host of {{ $labels.domain }} activates ${CLASS_TEMPLATE} any more. Have more machines ask one and the same host, or move the rest to Active Directory-based activation or MAK in time.`,
    runbook: THRESHOLD_RUNBOOKS.KmsClientsNearThreshold,
  },
  {
    name: 'KmsThresholdBreachAhead',
    severity: 'warning',
    holdsWhen: 'the count of a host ends below the threshold within 14 days if nobody asks',
    group: 'thresholds',
    hold: millis(0),
    evaluate: breachAhead,
    promql: `(
  kms_host_threshold_breach_timestamp_seconds - time() < ${AHEAD}
  and
  kms_host_threshold_breach_timestamp_seconds - time() > 0
)
${unlessStale}`,
    summary: `{{ $labels.host }} falls below the threshold of ${CLASS_TEMPLATE} in {{ $value | humanizeDuration }} if no client asks it`,
    description: `So few machines have asked {{ $labels.host }} lately that its count of the last 30 days ends below the threshold in {{ $value | humanizeDuration }}. Find out why they do not come: kms_renewals_stalled_ratio, a firewall, DNS, machines that are gone.`,
    runbook: THRESHOLD_RUNBOOKS.KmsThresholdBreachAhead,
  },
];

function marginsOf({ estate, records }: Picture): readonly DomainMargin[] {
  return domainMargins(estate.domains, heardHosts(estate, records));
}

function domainBelow(picture: Picture): readonly Finding[] {
  return marginsOf(picture).flatMap(({ domain, cls, margin }) => {
    if (margin >= 0) return [];
    const threshold = picture.records.thresholds[cls];
    return [
      {
        subject: { domain, class: cls },
        summary: `No KMS host of ${domain} can activate ${classWords(cls)}: the best has ${threshold + margin} of ${counted(threshold, 'client')}`,
        remedy: `Have ${-margin} more machines ask one and the same host within 30 days; clones with one client id count once.`,
        value: margin,
        limit: 0,
      },
    ];
  });
}

function hostBelow({ estate, records }: Picture): readonly Finding[] {
  return heardHosts(estate, records).flatMap(({ host, margins }) =>
    margins
      .filter(({ margin }) => margin < 0)
      .map(({ cls, margin }) => ({
        subject: { host, class: cls },
        summary: `${host} has ${records.thresholds[cls] + margin} of the ${counted(records.thresholds[cls], 'client')} that it needs to activate ${classWords(cls)}`,
        remedy: 'Send all clients to one host by priority and weight of the SRV records, or take this one out of DNS.',
        value: margin,
        limit: 0,
      })),
  );
}

function domainNear(picture: Picture): readonly Finding[] {
  const { warnMargins } = picture.records;
  return marginsOf(picture)
    .filter(({ cls, margin }) => margin < warnMargins[cls])
    .map(({ domain, cls, margin }) => ({
      subject: { domain, class: cls },
      summary:
        margin < 0
          ? `${domain} is ${-margin} below the threshold of ${classWords(cls)}`
          : `${domain} is only ${counted(margin, 'client')} above the threshold of ${classWords(cls)}`,
      remedy: 'Have more machines ask one and the same host, or move the rest to another way of activation in time.',
      value: margin,
      limit: warnMargins[cls],
    }));
}

/** A time that is past is no forecast: there the margin tells. */
function breachAhead(picture: Picture): readonly Finding[] {
  const { now } = picture.records;
  return judgedHosts(picture).flatMap(({ host, margins }) =>
    margins
      .filter(({ breach }) => breach - now < AHEAD && breach - now > 0)
      .map(({ cls, breach }) => ({
        subject: { host, class: cls },
        summary: `${host} falls below the threshold of ${classWords(cls)} at ${instant(breach)}, in ${span(breach - now)}, if no client asks it`,
        remedy: 'Find out why clients do not come: a firewall, DNS, or machines that are gone.',
        value: breach - now,
        limit: AHEAD,
      })),
  );
}
