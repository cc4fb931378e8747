import { DAY_MS, HOUR_MS } from '../kernel/time.ts';
import { counted, instant } from '../kernel/words.ts';
import type { ClassAggregates } from '../store/aggregates.ts';
import type { Condition, Finding } from './condition.ts';
import type { Picture } from './picture.ts';
import { LEASE_RUNBOOKS } from './runbooks/leases.ts';
import { CLASS_TEMPLATE, classWords, percent } from './words.ts';

/** Of fewer leases a share says nothing. */
const SHARE_OF_AT_LEAST = 5;

export const LEASE_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsLeasesExpiringSoon',
    severity: 'critical',
    holdsWhen: 'more leases of a class than tolerated end within `leases.critical`',
    group: 'leases',
    hold: HOUR_MS,
    evaluate: (picture) => beyond(picture, 'critical'),
    promql: beyondPromql('critical'),
    summary: `{{ $value }} activations of ${CLASS_TEMPLATE} end within days`,
    description:
      'More than leases.tolerate of them are within leases.critical (7 days unless configured) of their end: their machines will ask for activation. kmswatch leases --within 7d lists them, kmswatch explain CLIENT says why one does not renew.',
    runbook: LEASE_RUNBOOKS.KmsLeasesExpiringSoon,
  },
  {
    name: 'KmsLeasesExpiring',
    severity: 'warning',
    holdsWhen: 'more leases of a class than tolerated end within `leases.warn`',
    group: 'leases',
    hold: HOUR_MS,
    evaluate: (picture) => beyond(picture, 'warn'),
    promql: beyondPromql('warn'),
    summary: `{{ $value }} activations of ${CLASS_TEMPLATE} end within weeks`,
    description:
      'More than leases.tolerate of them are within leases.warn (30 days unless configured) of their end, and have not renewed for months. kmswatch leases --within 30d lists them; retire those that are gone: kmswatch retire CLIENT.',
    runbook: LEASE_RUNBOOKS.KmsLeasesExpiring,
  },
  {
    name: 'KmsLeasesExpired',
    severity: 'warning',
    holdsWhen: 'more leases of a class than tolerated ended in the last 30 days',
    group: 'leases',
    hold: HOUR_MS,
    evaluate: (picture) => beyond(picture, 'ended'),
    promql: beyondPromql('ended'),
    summary: `{{ $value }} activations of ${CLASS_TEMPLATE} ended in the last 30 days`,
    description:
      'More than leases.tolerate of them ended without renewal. kmswatch leases --state expired lists them. Retire machines that are gone (kmswatch retire CLIENT); on the others run slmgr /ato and see what it says.',
    runbook: LEASE_RUNBOOKS.KmsLeasesExpired,
  },
  {
    name: 'KmsRenewalsStalled',
    severity: 'warning',
    holdsWhen: 'a larger share of a class than `leases.stalled` has stopped renewing; the class has at least 5 leases',
    group: 'leases',
    hold: HOUR_MS,
    evaluate: renewalsStalled,
    promql: `kms_renewals_stalled_ratio > kms_renewals_stalled_limit_ratio
and
sum without (state) (kms_leases) >= ${SHARE_OF_AT_LEAST}`,
    summary: `{{ $value | humanizePercentage }} of ${CLASS_TEMPLATE} have stopped renewing`,
    description:
      'Of the clients heard from lately, so many have been silent for twice the renewal interval; their activations end in some five months. Look for what they have in common: a network, a site, a policy, a DNS domain. When a fleet sleeps, say so in leases.quiet_periods.',
    runbook: LEASE_RUNBOOKS.KmsRenewalsStalled,
  },
  {
    name: 'KmsRenewalsFailing',
    severity: 'warning',
    holdsWhen: 'renewals of a lease do not take',
    group: 'leases',
    hold: DAY_MS,
    evaluate: renewalsFailing,
    promql: 'sum without (state) (kms_leases{state="renewal_failing"}) > 0',
    summary: `Renewals of {{ $value }} activations of ${CLASS_TEMPLATE} do not take`,
    description:
      'The host answers them, and their next request shows that nothing came of it: answers get lost on the way, or the client refuses them. kmswatch leases --state renewal_failing lists them; look at event 12288 in their own log.',
    runbook: LEASE_RUNBOOKS.KmsRenewalsFailing,
  },
];

type Limit = 'warn' | 'critical' | 'ended';

function beyondPromql(limit: Limit): string {
  return `kms_leases_beyond_limit{limit="${limit}"} > ignoring (limit) kms_leases_tolerated`;
}

const BEYOND_WORDS: Readonly<Record<Limit, string>> = {
  warn: 'end within weeks (leases.warn)',
  critical: 'end within days (leases.critical)',
  ended: 'ended in the last 30 days',
};

const BEYOND_REMEDIES: Readonly<Record<Limit, string>> = {
  warn: 'kmswatch leases --within 30d lists them, kmswatch explain CLIENT says why; retire machines that are gone.',
  critical: 'kmswatch leases --within 7d lists them; see that they reach a host now, or run slmgr /ato on them.',
  ended: 'kmswatch leases --state expired lists them; retire machines that are gone, run slmgr /ato on the others.',
};

function beyond({ records }: Picture, limit: Limit): readonly Finding[] {
  return (records.aggregates?.classes ?? []).flatMap(({ cls, tally, tolerated }) => {
    const count = tally[limit];
    if (count <= tolerated) return [];
    const next =
      limit === 'ended' || tally.nextExpiry === undefined ? '' : `, the next at ${instant(tally.nextExpiry)}`;
    return [
      {
        subject: { class: cls },
        summary: `${counted(count, 'lease')} of ${classWords(cls)} ${BEYOND_WORDS[limit]}${next}; ${tolerated} would be tolerated`,
        remedy: BEYOND_REMEDIES[limit],
        value: count,
        limit: tolerated,
      },
    ];
  });
}

function renewalsStalled({ records }: Picture): readonly Finding[] {
  const { stalledLimit } = records;
  return (records.aggregates?.classes ?? [])
    .filter((cls) => cls.stalledRatio > stalledLimit && leasesOf(cls) >= SHARE_OF_AT_LEAST)
    .map(({ cls, stalledRatio, tally }) => ({
      subject: { class: cls },
      summary: `${tally.stalled} of ${counted(tally.heard, 'lease')} of ${classWords(cls)} (${percent(stalledRatio)}) have stopped renewing`,
      remedy: 'Look for what they have in common: a network, a site, a policy, a DNS domain.',
      value: stalledRatio,
      limit: stalledLimit,
    }));
}

function leasesOf({ tally }: ClassAggregates): number {
  return Object.values(tally.states).reduce((sum, count) => sum + count, 0);
}

function renewalsFailing({ records }: Picture): readonly Finding[] {
  return (records.aggregates?.classes ?? [])
    .filter(({ tally }) => tally.states.renewal_failing > 0)
    .map(({ cls, tally }) => ({
      subject: { class: cls },
      summary: `${counted(tally.states.renewal_failing, 'lease')} of ${classWords(cls)}: the client asks, and its renewals do not take`,
      remedy: 'kmswatch leases --state renewal_failing lists them; look at event 12288 in the log of such a client.',
      value: tally.states.renewal_failing,
      limit: 0,
    }));
}
