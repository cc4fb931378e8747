import { stalledRenewals } from '../estate/stalled-renewals.ts';
import { formatDuration } from '../kernel/duration.ts';
import { DAY_MS, HOUR_MS, inMillis, seconds } from '../kernel/time.ts';
import { counted, instant } from '../kernel/words.ts';
import { OSPP, SLMGR } from '../products/scripts.ts';
import type { ClassAggregates } from '../store/aggregates.ts';
import type { Condition, Finding } from './condition.ts';
import { unlessAnyReading } from './feed-promql.ts';
import { isAnyReading } from './feeds.ts';
import { LEASE_RUNBOOKS } from './runbooks/leases.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { CLASS_TEMPLATE, classWords, percent } from './words.ts';

export const LEASE_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsLeasesExpiringSoon',
    severity: 'critical',
    holdsWhen: 'more leases of a class than tolerated expire within `leases.critical`',
    group: 'leases',
    hold: HOUR_MS,
    keepFiring: HOUR_MS,
    evaluate: (snapshot) => beyond(snapshot, 'critical'),
    promql: beyondPromql('critical'),
    summary: `{{ $value }} activations of ${CLASS_TEMPLATE} expire within days`,
    meaning:
      'More activations than leases.tolerate allows expire within leases.critical (7 days by default). After that, these machines show that they are not activated.',
    remedy: listCritical('7d (or your leases.critical)'),
    runbook: LEASE_RUNBOOKS.KmsLeasesExpiringSoon,
  },
  {
    name: 'KmsLeasesExpiring',
    severity: 'warning',
    holdsWhen: 'more leases of a class than tolerated expire within `leases.warn`',
    group: 'leases',
    hold: HOUR_MS,
    keepFiring: HOUR_MS,
    evaluate: (snapshot) => beyond(snapshot, 'warn'),
    promql: beyondPromql('warn'),
    summary: `{{ $value }} activations of ${CLASS_TEMPLATE} expire within weeks`,
    meaning:
      'More activations than leases.tolerate allows expire within leases.warn (30 days by default). They have not been renewed for months.',
    remedy:
      'kmswatch leases --state expiring lists them, and kmswatch explain CLIENT says why one does not renew. Retire machines that are gone: kmswatch retire CLIENT.',
    runbook: LEASE_RUNBOOKS.KmsLeasesExpiring,
  },
  {
    name: 'KmsLeasesExpired',
    severity: 'warning',
    holdsWhen: 'more leases of a class than tolerated expired in the last 30 days',
    group: 'leases',
    hold: HOUR_MS,
    keepFiring: HOUR_MS,
    evaluate: (snapshot) => beyond(snapshot, 'ended'),
    promql: beyondPromql('ended'),
    summary: `{{ $value }} activations of ${CLASS_TEMPLATE} expired in the last 30 days`,
    meaning: 'More activations than leases.tolerate allows expired without a renewal.',
    remedy: `kmswatch leases --state expired lists them. Retire machines that are gone: kmswatch retire CLIENT. On the others, run ${SLMGR} /ato (Office: ${OSPP} /act in its folder) and read the error it shows. Machines with event 12308 are activated by Active Directory.`,
    runbook: LEASE_RUNBOOKS.KmsLeasesExpired,
  },
  {
    name: 'KmsRenewalsStalled',
    severity: 'warning',
    holdsWhen:
      'more than the share `leases.stalled` of a class has stopped renewing, and the class has at least 5 leases',
    group: 'leases',
    hold: HOUR_MS,
    keepFiring: HOUR_MS,
    evaluate: renewalsStalled,
    promql: `kms_renewals_stalled_ratio > kms_renewals_stalled_limit_ratio
${unlessAnyReading}`,
    summary: `{{ $value | humanizePercentage }} of ${CLASS_TEMPLATE} have stopped renewing`,
    meaning:
      'These clients were heard from recently, but have now been silent for more than twice the renewal interval. Their activations expire in about five months.',
    remedy:
      'Look for something they have in common: a network, a site, a policy, a DNS domain. If they are switched off on purpose, for example over a holiday, add the time to leases.quiet_periods.',
    runbook: LEASE_RUNBOOKS.KmsRenewalsStalled,
  },
  {
    name: 'KmsRenewalsFailing',
    severity: 'warning',
    holdsWhen: 'a host answers a client, but the lease is not renewed',
    group: 'leases',
    hold: DAY_MS,
    keepFiring: HOUR_MS,
    evaluate: renewalsFailing,
    promql: `sum without (state) (kms_leases{state="renewal_failing"}) > 0
${unlessAnyReading}`,
    summary: `Activations of ${CLASS_TEMPLATE} that are not renewed although the host answers: {{ $value }}`,
    meaning:
      'The host answers these clients, but their next request shows that nothing was renewed. Either the answers get lost on the way, or the clients reject them.',
    remedy:
      'kmswatch leases --state renewal_failing lists them. Event 12289 in the Application log of such a client shows how it took the answer.',
    runbook: LEASE_RUNBOOKS.KmsRenewalsFailing,
  },
];

type Limit = 'warn' | 'critical' | 'ended';

function beyondPromql(limit: Limit): string {
  return `kms_leases_beyond_limit{limit="${limit}"} > ignoring (limit) kms_leases_tolerated
${unlessAnyReading}`;
}

const BEYOND_WORDS: Readonly<Record<Limit, string>> = {
  warn: 'expire within weeks (leases.warn)',
  critical: 'expire within days (leases.critical)',
  ended: 'expired in the last 30 days',
};

/** @param within a duration as `kmswatch leases --within` takes it */
function listCritical(within: string): string {
  return `kmswatch leases --within ${within} lists them. Make sure that they can reach a host now, or run slmgr /ato on them (Office: ${OSPP} /act in its folder). kmswatch explain CLIENT says why one does not renew.`;
}

function beyond(snapshot: ConditionSnapshot, limit: Limit): readonly Finding[] {
  const { logs } = snapshot;
  return classesOf(snapshot).flatMap(({ cls, tally, tolerated }) => {
    const count = tally[limit];
    if (count <= tolerated) return [];
    const next =
      limit === 'ended' || tally.nextExpiry === undefined ? '' : `, the next at ${instant(seconds(tally.nextExpiry))}`;
    return [
      {
        subject: { class: cls },
        summary: `${counted(count, 'lease')} of ${classWords(cls)} ${BEYOND_WORDS[limit]}${next}; ${tolerated} ${tolerated === 1 ? 'is' : 'are'} tolerated`,
        ...(limit === 'critical' ? { remedy: listCritical(formatDuration(inMillis(logs.criticalWithin))) } : {}),
        value: count,
        limit: tolerated,
      },
    ];
  });
}

function renewalsStalled(snapshot: ConditionSnapshot): readonly Finding[] {
  const { stalledLimit } = snapshot.logs;
  if (isAnyReading(snapshot)) return [];
  return stalledRenewals(snapshot.estate, snapshot.logs)
    .filter(({ ratio }) => ratio > stalledLimit)
    .map(({ cls, ratio, heard, stalled }) => ({
      subject: { class: cls },
      summary: `${stalled} of ${counted(heard, 'lease')} of ${classWords(cls)} (${percent(ratio)}) have stopped renewing`,
      value: ratio,
      limit: stalledLimit,
    }));
}

function classesOf(snapshot: ConditionSnapshot): readonly ClassAggregates[] {
  return isAnyReading(snapshot) ? [] : (snapshot.logs.aggregates?.classes ?? []);
}

function renewalsFailing(snapshot: ConditionSnapshot): readonly Finding[] {
  return classesOf(snapshot)
    .filter(({ tally }) => tally.states.renewal_failing > 0)
    .map(({ cls, tally }) => ({
      subject: { class: cls },
      summary: `${counted(tally.states.renewal_failing, 'lease')} of ${classWords(cls)} ${tally.states.renewal_failing === 1 ? 'is' : 'are'} not renewed, although the host answers`,
      value: tally.states.renewal_failing,
      limit: 0,
    }));
}
