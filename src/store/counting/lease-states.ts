import type { Seconds } from '../../kernel/time.ts';
import { isForgotten, placeOfState } from '../../leases/state.ts';
import { COUNTED_STATES, type LeaseSettings } from '../../leases/types.ts';
import { isDoubted, isEphemeral, isIncluded, isOtherLicense } from '../leases/lease-bits.ts';
import type { State } from '../leases/state.ts';

/** By number of lease: one more than the place of its state in `COUNTED_STATES`; 0 if it counts nowhere. */
export type LeaseStates = Uint8Array;

export const OTHER_LICENSE = COUNTED_STATES.indexOf('other_license') + 1;

/** The states of all leases at a moment. @param now seconds since the epoch */
export function leaseStates({ table, settings: { leases } }: State, now: Seconds): LeaseStates {
  const { flags, anomalies, confirmed, presumed, last } = table.columns;
  const states = new Uint8Array(table.length);
  for (let id = 1; id < table.length; id++) {
    const bits = flags[id] ?? 0;
    if (!counts(bits, last[id] ?? 0, now, leases)) continue;
    const isOther = isOtherLicense(anomalies[id] ?? 0);
    const expiry = Math.max(confirmed[id] ?? 0, presumed[id] ?? 0);
    states[id] = placeOfState(isOther, expiry, isDoubted(bits), now, leases) + 1;
  }
  return states;
}

/** Whether one lease counts: it is neither superseded nor retired nor forgotten. */
export function isCounted({ table, settings }: State, id: number, now: Seconds): boolean {
  return counts(table.flags.get(id), table.last.get(id), now, settings.leases);
}

/** @param last time of its last request */
function counts(flags: number, last: number, now: Seconds, settings: LeaseSettings): boolean {
  return isIncluded(flags) && !isForgotten(last, isEphemeral(flags), now, settings);
}
