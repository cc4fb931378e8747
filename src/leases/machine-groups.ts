import { bareNamesOf, isBare } from './machines.ts';
import { compareRecords } from './order.ts';
import type { LeaseRequest } from './types.ts';

/**
 * The machines behind some requests, each by its newest: every FQDN is one, with the bare names that mean it, and so is
 * every bare name that means none of them. Linear.
 * @param newest the newest request under each name, each name once
 */
export function machinesOf(newest: readonly LeaseRequest[]): LeaseRequest[] {
  const bare = new Map(newest.filter(({ machine }) => isBare(machine)).map((one) => [one.machine, one]));
  const taken = new Set<string>();
  const full = newest.filter(({ machine }) => !isBare(machine));
  const named = full.map((one) =>
    bareNamesOf(one.machine).reduce((latest, name) => {
      taken.add(name);
      return later(latest, bare.get(name));
    }, one),
  );
  return [...named, ...[...bare.values()].filter(({ machine }) => !taken.has(machine))];
}

function later(one: LeaseRequest, other: LeaseRequest | undefined): LeaseRequest {
  return other !== undefined && compareRecords(other, one) > 0 ? other : one;
}
