import { DAY_S } from '../kernel/time.ts';
import { ageOf, expiryOf, isOtherLicense } from './expiry.ts';
import { COUNTED_STATES, type CountedState, type Lease, type LeaseSettings, type LeaseState } from './types.ts';

const placeOf = (state: CountedState): number => COUNTED_STATES.indexOf(state);
const OTHER_LICENSE = placeOf('other_license');
const UNACTIVATED = placeOf('unactivated');
const EXPIRED = placeOf('expired');
const EXPIRING = placeOf('expiring');
const RENEWAL_FAILING = placeOf('renewal_failing');
const RENEWAL_OVERDUE = placeOf('renewal_overdue');
const VALID = placeOf('valid');

/** Why a lease counts nowhere: its own requests do not show it. */
export interface Exclusion {
  readonly retired: boolean;
  readonly superseded: boolean;
}

/** The state of a lease: the first that holds, in the order of `LEASE_STATES`. */
export function stateOf(lease: Lease, exclusion: Exclusion, now: number, settings: LeaseSettings): LeaseState {
  if (exclusion.retired) return 'retired';
  if (exclusion.superseded) return 'superseded';
  return countedState(isOtherLicense(lease), expiryOf(lease)?.time ?? 0, lease.doubt, now, settings);
}

/** The state of a lease that is neither retired nor superseded. @param expiry seconds since the epoch; 0 if it has none */
export function countedState(
  isOther: boolean,
  expiry: number,
  doubt: boolean,
  now: number,
  settings: LeaseSettings,
): CountedState {
  return COUNTED_STATES[placeOfState(isOther, expiry, doubt, now, settings)] ?? 'valid';
}

/**
 * The same as a place in `COUNTED_STATES`, for loops over all leases: it takes longer to count under a name than to find
 * the state.
 */
export function placeOfState(
  isOther: boolean,
  expiry: number,
  doubt: boolean,
  now: number,
  settings: LeaseSettings,
): number {
  if (isOther) return OTHER_LICENSE;
  if (expiry === 0) return UNACTIVATED;
  if (expiry <= now) return EXPIRED;
  if (expiry - now <= settings.warn) return EXPIRING;
  if (doubt) return RENEWAL_FAILING;
  return ageOf(expiry, now, settings.validity) > 2 * settings.renewalInterval ? RENEWAL_OVERDUE : VALID;
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
