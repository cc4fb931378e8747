import { CENSUS_WINDOW, DAY } from './seconds.ts';

/**
 * The census of a host and pool now and 1, 2, ... `days` days from now, if nobody makes contact again.
 * @param lastContacts of all its clients, in any order
 */
export function forecastCensus(lastContacts: Iterable<number>, now: number, days: number): number[] {
  const leaving = new Array<number>(days + 1).fill(0);
  let census = 0;
  for (const last of lastContacts) {
    const left = last + CENSUS_WINDOW - now;
    if (left <= 0 || last > now) continue;
    census++;
    count(leaving, Math.ceil(left / DAY));
  }
  return leaving.map((left) => {
    census -= left;
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
    if (expiry > now) count(ends, Math.ceil((expiry - now) / DAY));
  }
  return ends.slice(1);
}

function count(buckets: number[], index: number): void {
  const before = buckets[index];
  if (before !== undefined) buckets[index] = before + 1;
}
