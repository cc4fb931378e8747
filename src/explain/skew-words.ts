import { HOUR_S, seconds } from '../kernel/time.ts';
import { span } from '../kernel/words.ts';
import { skewOf } from '../leases/skew.ts';
import type { LeaseRequest } from '../leases/types.ts';

/** Hosts refuse a request whose clock is further off. */
const ALLOWED_SKEW = 4 * HOUR_S;

/** `5 hours ahead of`, `2 days behind`; undefined when the clock is near enough to the host's, or not known. */
export function clockOff(request: Pick<LeaseRequest, 'time' | 'clientTime'>): string | undefined {
  const skew = skewOf(request);
  if (skew === undefined || Math.abs(skew) <= ALLOWED_SKEW) return undefined;
  // Client times have no seconds: six hours are seen as a little less.
  const off = Math.round(Math.abs(skew) / HOUR_S) * HOUR_S;
  return skew > 0 ? `${span(seconds(off))} ahead of` : `${span(seconds(off))} behind`;
}
