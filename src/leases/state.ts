import { DAY_S } from '../kernel/time.ts';
import { ageOf, expiryOf, isOtherLicense } from './expiry.ts';
import type { CountedState, Lease, LeaseSettings, LeaseState } from './types.ts';

/** Why a lease counts nowhere: its own requests do not show it. */
export interface Exclusion {
  readonly retired: boolean;
  readonly superseded: boolean;
}

/** The state of a lease: the first that holds, in the order of `LEASE_STATES`. */
export function stateOf(lease: Lease, exclusion: Exclusion, now: number, settings: LeaseSettings): LeaseState {
  if (exclusion.retired) return 'retired';
  if (exclusion.superseded) return 'superseded';
  if (isOtherLicense(lease)) return 'other_license';
  return countedState(expiryOf(lease)?.time, lease.doubt, now, settings);
}

/** The state of a lease that is neither retired nor superseded, and from KMS. @param expiry seconds since the epoch */
export function countedState(
  expiry: number | undefined,
  doubt: boolean,
  now: number,
  settings: LeaseSettings,
): CountedState {
  if (expiry === undefined) return 'unactivated';
  if (expiry <= now) return 'expired';
  if (expiry - now <= settings.warn) return 'expiring';
  if (doubt) return 'renewal_failing';
  return ageOf(expiry, now, settings.validity) > 2 * settings.renewalInterval ? 'renewal_overdue' : 'valid';
}

/** Superseded and retired leases are in no number and no condition. */
export function isCounted(state: LeaseState): state is CountedState {
  return state !== 'superseded' && state !== 'retired';
}

/**
 * Whether a client stays retired: it has not asked since, with any lease.
 * @param retiredAt when it was last retired, if ever
 * @param lastOfMachine its last request of any result
 */
export function isRetired(retiredAt: number | undefined, lastOfMachine: number): boolean {
  return retiredAt !== undefined && lastOfMachine <= retiredAt;
}

/** Seconds: a non-persistent desktop that has not asked for this long is another one by now. */
export const EPHEMERAL_FOR = 30 * DAY_S;

/** Whether a lease has been silent for so long that it is deleted. @param last time of its last request */
export function isForgotten(last: number, isEphemeral: boolean, now: number, { forgetAfter }: LeaseSettings): boolean {
  return now - last > (isEphemeral ? Math.min(EPHEMERAL_FOR, forgetAfter) : forgetAfter);
}
