import { DAY_S, HOUR_S } from '../kernel/time.ts';
import type { LeaseRequest } from './types.ts';

/** Hosts refuse a request whose clock is further off (0xC004F06C; Microsoft, "KMS troubleshooting"). */
const ALLOWED_SKEW = 4 * HOUR_S;
/** How long a clock that was off is news. */
export const SKEW_WITHIN = 7 * DAY_S;

/** Seconds by which the client's clock is ahead of the host's (to the minute), negative when behind. */
export function skewOf({ time, clientTime }: Pick<LeaseRequest, 'time' | 'clientTime'>): number | undefined {
  return clientTime === undefined ? undefined : clientTime - time;
}

/** Whether a client's newest request up to now, of any result, is recent and showed a clock more than 4 hours off. */
export function isSkewed(newest: Pick<LeaseRequest, 'time' | 'clientTime'>, now: number): boolean {
  return isClockOff(newest) && newest.time > now - SKEW_WITHIN && newest.time <= now;
}

/** Whether a request showed a clock more than 4 hours off. */
export function isClockOff(request: Pick<LeaseRequest, 'time' | 'clientTime'>): boolean {
  const skew = skewOf(request);
  return skew !== undefined && Math.abs(skew) > ALLOWED_SKEW;
}
