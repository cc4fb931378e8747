import { DAY_S } from '../kernel/time.ts';
import type { Interval, LeaseSettings } from './types.ts';

/** Beyond that, a silent machine is gone rather than stalled. */
const STALLED_FOR_AT_MOST = 30 * DAY_S;
/** The share of fewer leases says nothing. */
export const OF_AT_LEAST = 5;

/** Unexpired leases of a class whose last request was at one host. */
export interface Renewals {
  /** Those heard from in the 44 days before the newest request of the class. */
  heard: number;
  /** Of them, those that are silent. */
  stalled: number;
}

/**
 * Heard from in the 44 days (30 and twice the renewal interval) before the newest request of the class.
 * @param last time of the lease's last request up to now @param newest that of the class
 */
export function isHeard(last: number, newest: number, { renewalInterval }: LeaseSettings): boolean {
  return last > newest - STALLED_FOR_AT_MOST - 2 * renewalInterval;
}

/** Silent for more than two renewal intervals. */
export function isSilent(last: number, now: number, { renewalInterval }: LeaseSettings): boolean {
  return now - last > 2 * renewalInterval;
}

/** The share of stalled leases, from 0 to 1; 0 in a quiet period; undefined of fewer leases than `ofAtLeast`. */
export function stalledRatio(
  { heard, stalled }: Renewals,
  isQuietNow: boolean,
  ofAtLeast = OF_AT_LEAST,
): number | undefined {
  if (heard < ofAtLeast) return undefined;
  return isQuietNow ? 0 : stalled / heard;
}

export function isQuiet(now: number, periods: readonly Interval[]): boolean {
  return periods.some(({ from, until }) => from <= now && now < until);
}

/** A quiet period as configured (ISO dates, both included, in UTC) in seconds. */
export function quietPeriod({ from, to }: { readonly from: string; readonly to: string }): Interval {
  return { from: Date.parse(from) / 1000, until: Date.parse(to) / 1000 + DAY_S };
}
