import { DAY_S } from '../kernel/time.ts';
import { ageOf } from './expiry.ts';
import type { CountedState, LeaseSettings } from './types.ts';

/** Days that `kms_leases_expiring` looks ahead, each including those before. */
export const EXPIRING_WITHIN_DAYS = [7, 14, 30, 60, 90] as const;
/** Days of `kms_leases_by_age`; +Inf follows. */
export const AGE_DAYS = [1, 7, 14, 30, 60, 90, 120, 150, 166, 173, 180] as const;
const EXPIRING_SLOTS = slotsOf(EXPIRING_WITHIN_DAYS);
const AGE_SLOTS = slotsOf(AGE_DAYS);
/** How long a lease that has ended is news. */
const ENDED_WITHIN = 30 * DAY_S;

/** What is counted of one class's leases. Superseded and retired ones are in no number. */
export interface ClassTally {
  leases: number;
  readonly states: Record<CountedState, number>;
  /** Not yet expired and ending within `EXPIRING_WITHIN_DAYS`, cumulative once finished. */
  readonly expiring: number[];
  warn: number;
  critical: number;
  ended: number;
  /** By `AGE_DAYS` and without limit, cumulative once finished. */
  readonly byAge: number[];
  /** The soonest end that is still to come. */
  nextExpiry: number | undefined;
}

export function emptyTally(): ClassTally {
  return {
    leases: 0,
    states: {
      other_license: 0,
      unactivated: 0,
      expired: 0,
      expiring: 0,
      renewal_failing: 0,
      renewal_overdue: 0,
      valid: 0,
    },
    expiring: EXPIRING_WITHIN_DAYS.map(() => 0),
    warn: 0,
    critical: 0,
    ended: 0,
    byAge: [...AGE_DAYS.map(() => 0), 0],
    nextExpiry: undefined,
  };
}

/** Counts one lease that is neither superseded nor retired. One pass over all leases fills every number. */
export function countLease(
  tally: ClassTally,
  state: CountedState,
  expiry: number | undefined,
  now: number,
  settings: LeaseSettings,
): void {
  tally.leases++;
  tally.states[state]++;
  if (expiry === undefined) return;
  bump(tally.byAge, slot(AGE_SLOTS, ageOf(expiry, now, settings.validity)));
  if (expiry > now) countEnd(tally, expiry, now, settings);
  else if (expiry > now - ENDED_WITHIN) tally.ended++;
}

/** Makes the distributions cumulative, once all leases are counted. */
export function finishTally(tally: ClassTally): ClassTally {
  return { ...tally, expiring: cumulate(tally.expiring), byAge: cumulate(tally.byAge) };
}

function countEnd(tally: ClassTally, expiry: number, now: number, settings: LeaseSettings): void {
  const remaining = expiry - now;
  bump(tally.expiring, slot(EXPIRING_SLOTS, remaining));
  if (remaining <= settings.warn) tally.warn++;
  if (remaining <= settings.critical) tally.critical++;
  if (tally.nextExpiry === undefined || expiry < tally.nextExpiry) tally.nextExpiry = expiry;
}

/** By a number of days, the first limit that it does not exceed; the last one is for all that are larger. */
function slotsOf(limits: readonly number[]): Uint8Array {
  const most = (limits.at(-1) ?? 0) + 1;
  return Uint8Array.from({ length: most + 1 }, (_, days) => limits.filter((limit) => limit < days).length);
}

/** Looked up, as it is asked for every lease, and there may be a million. */
function slot(slots: Uint8Array, seconds: number): number {
  const days = Math.ceil(seconds / DAY_S);
  return slots[Math.min(Math.max(days, 0), slots.length - 1)] ?? 0;
}

function bump(counts: number[], index: number): void {
  const count = counts[index];
  if (count !== undefined) counts[index] = count + 1;
}

function cumulate(counts: readonly number[]): number[] {
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum;
  });
}
