import { DAY } from './seconds.ts';
import type { Interval } from './types.ts';

/**
 * The census of a host and pool now and 1, 2, ... `days` days from now, if nobody makes contact again.
 * @param presences of all its clients, in any order; those of one client do not overlap
 */
export function forecastCensus(presences: Iterable<Interval>, now: number, days: number): number[] {
  const change = new Array<number>(days + 1).fill(0);
  for (const { from, until } of presences) {
    count(change, Math.max(0, daysTo(from, now)), 1);
    count(change, Math.max(0, daysTo(until, now)), -1);
  }
  let census = 0;
  return change.map((more) => {
    census += more;
    return census;
  });
}

/**
 * How many leases end within the 1st, 2nd, ... `days`-th day from now, if nobody renews.
 * @param expiries in any order
 */
export function forecastEnds(expiries: Iterable<number>, now: number, days: number): number[] {
  const ends = new Array<number>(days + 1).fill(0);
  for (const expiry of expiries) {
    if (expiry > now) count(ends, daysTo(expiry, now), 1);
  }
  return ends.slice(1);
}

/** The first whole number of days from now that reaches a time. */
function daysTo(time: number, now: number): number {
  return Math.ceil((time - now) / DAY);
}

function count(buckets: number[], index: number, by: number): void {
  const before = buckets[index];
  if (before !== undefined) buckets[index] = before + by;
}
