import { isBare, sameMachine } from './machines.ts';
import { compareRecords } from './order.ts';
import type { LeaseRequest } from './types.ts';

/**
 * The machines behind some requests, each by its newest: every FQDN is one, with the bare names that mean it, and so is
 * every bare name that means none of them.
 * @param newest the newest request under each name; names with one `machineKey` at least, those with others may be left out
 */
export function machinesOf(newest: readonly LeaseRequest[]): LeaseRequest[] {
  const full = newest.filter(({ machine }) => !isBare(machine));
  const bare = newest.filter(({ machine }) => isBare(machine));
  const alone = bare.filter(({ machine }) => !full.some((other) => sameMachine(machine, other.machine)));
  const named = full.map((one) =>
    newestOf(
      one,
      bare.filter(({ machine }) => sameMachine(machine, one.machine)),
    ),
  );
  return [...named, ...alone];
}

function newestOf(first: LeaseRequest, others: readonly LeaseRequest[]): LeaseRequest {
  return others.reduce((newest, other) => (compareRecords(other, newest) > 0 ? other : newest), first);
}
