import { type DomainMargin, domainMargins } from '../estate/domain-margins.ts';
import { heardHosts } from '../estate/log-reading.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import type { HostName } from '../kernel/host-name.ts';
import { DAY_MS, DAY_S, HOUR_MS, MINUTE_MS, millis, seconds } from '../kernel/time.ts';
import { counted, instant, span } from '../kernel/words.ts';
import type { ThresholdClass } from '../leases/types.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import type { Condition, Finding } from './condition.ts';
import { COUNTS } from './evidence.ts';
import { unlessAnyReading, unlessStale } from './feed-promql.ts';
import { hostsWithFeed, isAnyReading } from './feeds.ts';
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
    keepFiring: HOUR_MS,
    evaluate: domainBelow,
    promql: `kms_domain_threshold_margin < 0
${unlessAnyReading}`,
    summary: `No KMS host of {{ $labels.domain }} can activate ${CLASS_TEMPLATE} (count minus threshold: {{ $value }})`,
    meaning:
      'Even the best host of {{ $labels.domain }} has counted too few clients in the last 30 days. It answers, but its clients are not activated (0xC004F038).',
    evidence: COUNTS,
    remedy: 'Have more machines ask the same host within 30 days. Clones that share a client id count as one.',
    runbook: THRESHOLD_RUNBOOKS.KmsClientsBelowThreshold,
  },
  {
    name: 'KmsHostBelowThreshold',
    severity: 'warning',
    holdsWhen: 'a host has not counted enough clients to activate a class',
    group: 'thresholds',
    hold: millis(15 * MINUTE_MS),
    keepFiring: HOUR_MS,
    evaluate: hostBelow,
    promql: `kms_host_threshold_margin < 0
${unlessAnyReading}`,
    domainLabel: 'class',
    summary: `{{ $labels.host }} has too few clients to activate ${CLASS_TEMPLATE} (count minus threshold: {{ $value }})`,
    meaning:
      'A host counts only the clients that ask it. Clients that ask {{ $labels.host }} are not activated (0xC004F038), and try another host if DNS has one.',
    remedy:
      'Have more machines ask this host within 30 days, or send all clients to one host by the priority of the SRV records: the lowest number comes first.',
    runbook: THRESHOLD_RUNBOOKS.KmsHostBelowThreshold,
  },
  {
    name: 'KmsClientsNearThreshold',
    severity: 'warning',
    holdsWhen: 'the best host of a domain is less than `warn_margins` above the threshold',
    group: 'thresholds',
    hold: HOUR_MS,
    keepFiring: HOUR_MS,
    evaluate: domainNear,
    promql: `kms_domain_threshold_margin < on (job, site, instance, class) group_left kms_threshold_warn_margin
${unlessAnyReading}`,
    summary: `{{ $labels.domain }} is close to the threshold for ${CLASS_TEMPLATE} (count minus threshold: {{ $value }})`,
    meaning: `If a few more machines drop out of the 30-day window, no host in {{ $labels.domain }} can activate ${CLASS_TEMPLATE}.`,
    evidence: COUNTS,
    remedy:
      'Have more machines ask the same host, or move the rest to Active Directory-based activation or MAK in time.',
    runbook: THRESHOLD_RUNBOOKS.KmsClientsNearThreshold,
  },
  {
    name: 'KmsThresholdBreachAhead',
    severity: 'warning',
    holdsWhen: 'the count of a host falls below the threshold within 14 days if no client asks it',
    group: 'thresholds',
    hold: millis(15 * MINUTE_MS),
    keepFiring: HOUR_MS,
    evaluate: breachAhead,
    promql: `(
  kms_host_threshold_breach_timestamp_seconds - time() < ${AHEAD}
  and
  kms_host_threshold_breach_timestamp_seconds - time() > 0
)
${unlessStale}`,
    domainLabel: 'class',
    summary: `{{ $labels.host }} will fall below the threshold for ${CLASS_TEMPLATE} in {{ $value | humanizeDuration }} if no client asks it`,
    meaning:
      'Few machines have asked {{ $labels.host }} lately. If no more do, its count for the last 30 days falls below the threshold in {{ $value | humanizeDuration }}.',
    remedy:
      'Find out why clients no longer ask: a firewall, DNS, or machines that are gone. kmswatch leases --host {{ $labels.host }} --silent-for 14d lists those that have stopped, and kmswatch forecast shows the days ahead.',
    runbook: THRESHOLD_RUNBOOKS.KmsThresholdBreachAhead,
  },
  {
    name: 'KmsCountDisagrees',
    severity: 'warning',
    holdsWhen:
      'the number of clients that a host reports, below its cap, and the number in its log differ by more than 5 and by a quarter of the larger',
    group: 'thresholds',
    hold: DAY_MS,
    keepFiring: HOUR_MS,
    evaluate: countDisagrees,
    promql: 'kms_host_count_disagrees == 1',
    domainLabel: 'pool',
    summary: '{{ $labels.host }} reports a different number of clients than its log shows (pool {{ $labels.pool }})',
    meaning:
      'The number that {{ $labels.host }} reports is the one its clients get, so kmswatch goes by it. The log belongs to an earlier installation of this host, or to another host with the same name.',
    remedy:
      'If the host was rebuilt, wait until its clients have asked again: each does so within 7 days. Otherwise find the second host whose log arrives under this name.',
    runbook: THRESHOLD_RUNBOOKS.KmsCountDisagrees,
  },
];

function marginsOf(snapshot: ConditionSnapshot): readonly DomainMargin[] {
  const { estate, logs } = snapshot;
  if (isAnyReading(snapshot)) return [];
  return domainMargins(estate, logs);
}

function domainBelow(snapshot: ConditionSnapshot): readonly Finding[] {
  return marginsOf(snapshot).flatMap(({ domain, cls, margin, host }) => {
    if (margin >= 0) return [];
    const threshold = snapshot.logs.thresholds[cls];
    return [
      {
        subject: { domain, class: cls },
        summary: `No KMS host of ${domain} can activate ${classWords(cls)}: the best, ${host}, has ${threshold + margin} of ${counted(threshold, 'client')}`,
        remedy: `Have ${counted(-margin, 'more machine')} ask ${host} within 30 days. Clones that share a client id count as one.`,
        value: margin,
        limit: 0,
      },
    ];
  });
}

/** Not while any history is coming in: its cause, that of the domain, is not judged either, and would come later. */
function hostBelow(snapshot: ConditionSnapshot): readonly Finding[] {
  const { estate, logs } = snapshot;
  if (isAnyReading(snapshot)) return [];
  const heard = heardHosts(estate, logs);
  return heard.flatMap(({ host, margins }) =>
    margins
      .filter(({ margin }) => margin < 0)
      .map(({ cls, margin }) => ({
        subject: { host, class: cls },
        summary: `${host} has only ${logs.thresholds[cls] + margin} of the ${counted(logs.thresholds[cls], 'client')} it needs to activate ${classWords(cls)}`,
        remedy: belowRemedy(-margin, substitute(estate, heard, host, cls)),
        value: margin,
        limit: 0,
      })),
  );
}

/** A host that activates the class in every domain of this one; undefined if a domain would be left without any. */
function substitute(
  { domains }: EstateSnapshot,
  heard: readonly HostAggregates[],
  host: HostName,
  cls: ThresholdClass,
): HostName | undefined {
  const own = domains.filter(({ hosts }) => hosts.includes(host));
  if (own.length === 0) return undefined;
  return heard.find(
    (other) =>
      other.host !== host &&
      own.every(({ hosts }) => hosts.includes(other.host)) &&
      other.margins.some((each) => each.cls === cls && each.margin >= 0),
  )?.host;
}

function belowRemedy(lacking: number, other: HostName | undefined): string {
  const more = `Have ${counted(lacking, 'more machine')} ask this host within 30 days`;
  return other === undefined
    ? `${more}. Clones that share a client id count as one.`
    : `${other} has enough clients: give its SRV record the lower priority number, so that clients ask it first. Or: ${more.toLowerCase()}.`;
}

function domainNear(snapshot: ConditionSnapshot): readonly Finding[] {
  const { warnMargins } = snapshot.logs;
  return marginsOf(snapshot)
    .filter(({ cls, margin }) => margin < warnMargins[cls])
    .map(({ domain, cls, margin, host }) => ({
      subject: { domain, class: cls },
      summary:
        margin < 0
          ? `${domain} is ${counted(-margin, 'client')} below the threshold for ${classWords(cls)}`
          : `${domain} is only ${counted(margin, 'client')} above the threshold for ${classWords(cls)}, at ${host}`,
      value: margin,
      limit: warnMargins[cls],
    }));
}

function countDisagrees({ estate, logs }: ConditionSnapshot): readonly Finding[] {
  return heardHosts(estate, logs).flatMap(({ host, counts }) =>
    counts
      .filter(({ disagrees }) => disagrees)
      .map(({ pool, own, census }) => ({
        subject: { host, pool },
        summary: `${host} reports ${counted(own, 'client')}, but its log shows ${census} in the last 30 days (pool ${pool})`,
        value: own,
        limit: census,
      })),
  );
}

/** A time in the past is no forecast: the conditions on the margin cover it. */
function breachAhead(snapshot: ConditionSnapshot): readonly Finding[] {
  const { now } = snapshot.logs;
  return hostsWithFeed(snapshot).flatMap(({ host, margins }) =>
    margins.flatMap(({ cls, breach }) => {
      if (breach === undefined || breach - now >= AHEAD || breach <= now) return [];
      return [
        {
          subject: { host, class: cls },
          summary: `If no client asks it, ${host} will fall below the threshold for ${classWords(cls)} in ${span(seconds(breach - now))}, at ${instant(breach)}`,
          value: breach - now,
          limit: AHEAD,
        },
      ];
    }),
  );
}
