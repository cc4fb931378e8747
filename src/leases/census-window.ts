import { DAY_S, seconds } from '../kernel/time.ts';

/** How long a host remembers a client: its count is of the ids seen in this window (Microsoft, "Activate using KMS"). */
export const CENSUS_WINDOW = seconds(30 * DAY_S);

/** Whether a contact counts at a moment. */
export function isInCensus(time: number, now: number): boolean {
  return time <= now && time > now - CENSUS_WINDOW;
}
