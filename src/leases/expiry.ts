import type { Seconds } from '../kernel/time.ts';
import type { ExpiryBasis, Lease } from './types.ts';

/** When a lease ends, seconds since the epoch, and on whose word. */
export interface Expiry {
  readonly time: Seconds;
  readonly basis: ExpiryBasis;
}

/** Three requests in a row that claim a licence such as KMS never gives, or all of them if there are fewer. */
const OTHER_LICENSE_AFTER = 3;

/** Whether it is licensed by something else than KMS, as far as its client says. */
export function isOtherLicense({
  anomaliesInRow,
  wasPlausible,
}: Pick<Lease, 'anomaliesInRow' | 'wasPlausible'>): boolean {
  return anomaliesInRow >= OTHER_LICENSE_AFTER || !wasPlausible;
}

/** The later of what is confirmed and what is presumed; undefined when there is neither, and for another licence. */
export function expiryOf(
  lease: Pick<Lease, 'confirmed' | 'presumed' | 'anomaliesInRow' | 'wasPlausible'>,
): Expiry | undefined {
  if (isOtherLicense(lease)) return undefined;
  const { confirmed, presumed } = lease;
  if (presumed !== undefined && (confirmed === undefined || presumed >= confirmed)) {
    return { time: presumed, basis: 'presumed' };
  }
  return confirmed === undefined ? undefined : { time: confirmed, basis: 'confirmed' };
}

/** Seconds since the renewal that this expiry came from, at least 0; beyond `validity` for a lease that has ended. */
export function ageOf(expiry: number, now: number, validity: number): number {
  return Math.max(0, validity - (expiry - now));
}
