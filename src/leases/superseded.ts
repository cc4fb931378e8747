import { DAY_S } from '../kernel/time.ts';
import { compareRecords } from './order.ts';
import type { Lease, LeaseClass, LeaseRequest } from './types.ts';

/** A machine may run two Office products side by side, so the older one must have been silent for as long. */
const SIDE_BY_SIDE = 30 * DAY_S;

/** Leases that can take each other's place on one machine. */
export type SupersessionGroup = 'windows' | 'office' | 'unknown';

export function supersessionGroup(cls: LeaseClass): SupersessionGroup {
  return cls === 'client' || cls === 'server' ? 'windows' : cls;
}

/**
 * Whether the machine has moved on from this lease.
 * @param latest the latest request (`compareRecords`) by the lease's machine (`sameMachine` with the lease's last one)
 * in the lease's group, of any lease and any result. The latest is enough: when it is not this lease's own, it is later
 * than this lease's last, which is among those compared.
 */
export function isSuperseded(lease: Lease, latest: LeaseRequest): boolean {
  if (latest.clientId === lease.clientId && latest.activationId === lease.activationId) return false;
  const byTime = movedOn(supersessionGroup(lease.last.cls), lease.last.time, latest.time);
  return byTime ?? compareRecords(latest, lease.last) > 0;
}

/**
 * The same by times alone, in seconds since the epoch.
 * @param own time of the lease's last request @param other time of the latest request with another lease of the group
 * @returns undefined if both were in one second and the order of the records decides
 */
export function movedOn(group: SupersessionGroup, own: number, other: number): boolean | undefined {
  if (other < own) return false;
  if (group !== 'windows') return other - own > SIDE_BY_SIDE;
  return other > own ? true : undefined;
}
