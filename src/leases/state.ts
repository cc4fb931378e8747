import { ageOf, expiryOf } from './expiry.ts';
import type { CountedState, Lease, LeaseSettings, LeaseState } from './types.ts';

/** What a lease's own requests do not tell. */
export interface LeaseFate {
  readonly retired: boolean;
  readonly superseded: boolean;
}

/** The state of a lease: the first that holds, in the order of `LEASE_STATES`. */
export function stateOf(lease: Lease, fate: LeaseFate, now: number, settings: LeaseSettings): LeaseState {
  if (fate.retired) return 'retired';
  if (fate.superseded) return 'superseded';
  const expiry = expiryOf(lease)?.time;
  if (expiry === undefined) return 'unactivated';
  if (expiry <= now) return 'expired';
  if (expiry - now <= settings.warn) return 'expiring';
  if (lease.doubt) return 'renewal_failing';
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

/** Whether a lease has been silent for so long that it is deleted. @param last time of its last request */
export function isForgotten(last: number, now: number, { forgetAfter }: LeaseSettings): boolean {
  return now - last > forgetAfter;
}
