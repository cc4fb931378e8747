import type { Seconds } from '../kernel/time.ts';
import type { ExpiryBasis, Lease } from './types.ts';

/** When a lease ends, seconds since the epoch, and on whose word. */
export interface Expiry {
  readonly time: Seconds;
  readonly basis: ExpiryBasis;
}

/** The later of what is confirmed and what is presumed; undefined when there is neither. */
export function expiryOf({ confirmed, presumed }: Pick<Lease, 'confirmed' | 'presumed'>): Expiry | undefined {
  if (presumed !== undefined && (confirmed === undefined || presumed >= confirmed)) {
    return { time: presumed, basis: 'presumed' };
  }
  return confirmed === undefined ? undefined : { time: confirmed, basis: 'confirmed' };
}

/** Seconds since the renewal that this expiry came from, at least 0; beyond `validity` for a lease that has ended. */
export function ageOf(expiry: number, now: number, validity: number): number {
  return Math.max(0, validity - (expiry - now));
}
