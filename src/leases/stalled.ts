import { DAY_S } from '../kernel/time.ts';
import type { Interval, LeaseSettings } from './types.ts';

/** Beyond that, a silent machine is gone rather than stalled. */
const STALLED_FOR_AT_MOST = 30 * DAY_S;

/** Heard from in the last 44 days (30 and twice the renewal interval): one of those whose share is taken. */
export function isHeard(last: number, now: number, { renewalInterval }: LeaseSettings): boolean {
  return last > now - STALLED_FOR_AT_MOST - 2 * renewalInterval;
}

/** Silent for more than two renewal intervals. */
export function isSilent(last: number, now: number, { renewalInterval }: LeaseSettings): boolean {
  return now - last > 2 * renewalInterval;
}

/** The share of stalled leases, from 0 to 1; 0 in a quiet period and when none was heard from. */
export function stalledRatio(heard: number, stalled: number, now: number, settings: LeaseSettings): number {
  if (heard === 0 || isQuiet(now, settings.quietPeriods)) return 0;
  return stalled / heard;
}

export function isQuiet(now: number, periods: readonly Interval[]): boolean {
  return periods.some(({ from, until }) => from <= now && now < until);
}

/** A quiet period as configured (ISO dates, both included, in UTC) in seconds. */
export function quietPeriod({ from, to }: { readonly from: string; readonly to: string }): Interval {
  return { from: Date.parse(from) / 1000, until: Date.parse(to) / 1000 + DAY_S };
}
