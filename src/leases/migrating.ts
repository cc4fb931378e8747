import type { HostName } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import { isSilent } from './stalled.ts';
import type { LeaseSettings, Migrating } from './types.ts';

/** The other way of a move than a host: Active Directory-based activation. */
export const DIRECTORY = 'directory';

/** How it is known that the machine of a lease has moved: it says so, it fell silent, or it asks the new host. */
export type HowMoved = 'told' | 'silent' | 'asks' | undefined;

/** What is known of the move of one machine (`leases.migrating`). */
export interface MachineMove extends Migrating {
  /** Undefined: it still renews as before. */
  readonly how: HowMoved;
  /** When it said so, when it was last heard, or when it first asked the new host; seconds since the epoch. */
  readonly at: Seconds;
  /** The host that heard its last request. */
  readonly host: HostName;
}

/** Whether a machine has stopped renewing since the move began: a renewal was due then. @param last time of its lease's last request */
export function hasStopped(last: number, now: number, { since }: Migrating, settings: LeaseSettings): boolean {
  return last + settings.renewalInterval >= since && isSilent(last, now, settings);
}
