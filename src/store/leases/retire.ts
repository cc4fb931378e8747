import type { Retired } from '../store-types.ts';
import { RETIRED } from './exclusion-bits.ts';
import type { State } from './state.ts';

/**
 * Finds the machines that are to be retired: the very names that were given, whether seen or not. A name may mean several
 * machines, or be meant by several names.
 * @param mark retires a machine by its number
 */
export function retire(
  { names: { machines }, exclusions }: State,
  clients: readonly string[],
  mark: (machine: number) => void,
): Retired {
  const retired = new Set<string>();
  const unknown: string[] = [];
  for (const client of clients) {
    const name = client.toLowerCase();
    if (exclusions.lastOf(machines.meaning(name)) === 0) {
      unknown.push(client);
      continue;
    }
    mark(machines.no(name));
    retired.add(name);
  }
  return { retired: [...retired], unknown };
}

/** The names of all machines that have been silent since a time, and are not retired. */
export function retireSilent({ table, names: { machines }, exclusions }: State, since: number): string[] {
  const silent = new Set<number>();
  for (let id = 1; id < table.length; id++) {
    if (!table.isKnown(id) || table.last.get(id) >= since || (table.exclusion(id) & RETIRED) !== 0) continue;
    silent.add(table.machine.get(id));
  }
  return [...silent]
    .filter((machine) => exclusions.lastOf([machine, ...machines.variants(machine)]) < since)
    .map((machine) => machines.name(machine));
}
