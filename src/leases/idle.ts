import { DAY_S, HOUR_S } from '../kernel/time.ts';

const IDLE_AT_LEAST = 72 * HOUR_S;
const TIMES_USUAL = 4;
/** Gaps that ended in the last 30 days make the usual one. */
export const IDLE_WINDOW = 30 * DAY_S;

/** Seconds of silence after which a host is idle, given the longest gap between its requests of the last 30 days. */
export function idleLimit(longestGap: number): number {
  return Math.max(IDLE_AT_LEAST, TIMES_USUAL * longestGap);
}

/**
 * The longest gap that ended in the last 30 days.
 * @param times of a host's and pool's requests in rising order, with one from before those 30 days if there is one
 * @returns seconds, 0 when there were fewer than two requests
 */
export function longestGap(times: readonly number[], now: number): number {
  let longest = 0;
  for (const [index, time] of times.entries()) {
    const before = times[index - 1];
    if (before === undefined || time <= now - IDLE_WINDOW || time > now) continue;
    longest = Math.max(longest, time - before);
  }
  return longest;
}
