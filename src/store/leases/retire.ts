import { foldMachineName } from '../../activations/machine-name.ts';
import type { Retired, RetirementPlan } from '../store-types.ts';
import { RETIRED } from './exclusion-bits.ts';
import type { State } from './state.ts';

/**
 * Finds the machines that are to be retired: those that the names mean. A name may mean several machines,
 * or be meant by several names.
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
    const name = foldMachineName(client);
    if (exclusions.lastOf(machines.meaning(name)) === 0) {
      unknown.push(client);
      continue;
    }
    // A name that no record has must not be taken for one that a machine has.
    const own = machines.find(name);
    for (const machine of own === undefined ? machines.meaning(name) : [own]) mark(machine);
    retired.add(name);
  }
  return { retired: [...retired], unknown };
}

/** Takes retirements back, under whichever of its names a machine was retired. @param unmark by the machine's number */
export function undoRetirement(state: State, clients: readonly string[], unmark: (machine: number) => void): Retired {
  const retired: string[] = [];
  const unknown: string[] = [];
  for (const client of clients) {
    const marked = namesOf(state, client).filter((machine) => state.exclusions.isMarked(machine));
    for (const machine of marked) unmark(machine);
    (marked.length > 0 ? retired : unknown).push(foldMachineName(client));
  }
  return { retired, unknown };
}

/** The effect that a retirement would have. @param silentSince every machine that has not asked since then; seconds */
export function planRetirement(
  state: State,
  clients: readonly string[],
  silentSince: number | undefined,
  now: number,
): RetirementPlan {
  const { table, settings } = state;
  const named = retire(state, clients, () => {});
  const silent = silentSince === undefined ? [] : silentMachines(state, silentSince);
  const names = [...new Set([...named.retired, ...silent])];
  const meant = new Set(names.flatMap((name) => namesOf(state, name)));
  const plan = { leases: 0, lapses: 0, estate: 0 };
  const counted = new Set<number>();
  for (let id = 1; id < table.length; id++) {
    if (!table.isIncluded(id)) continue;
    counted.add(table.machine.get(id));
    if (!meant.has(table.machine.get(id))) continue;
    plan.leases += 1;
    if (table.expiry(id) !== 0 && table.expiry(id) < now + settings.leases.warn) plan.lapses += 1;
  }
  return { ...plan, estate: counted.size, names, unknown: named.unknown };
}

function namesOf({ names: { machines } }: State, client: string): readonly number[] {
  const meant = machines.meaning(foldMachineName(client));
  return [...new Set(meant.flatMap((machine) => [machine, ...machines.variants(machine)]))];
}

/** The names of all machines that have been silent since a time, and are not retired. */
export function silentMachines({ table, names: { machines }, exclusions }: State, since: number): string[] {
  const silent = new Set<number>();
  for (let id = 1; id < table.length; id++) {
    if (!table.isKnown(id) || table.last.get(id) >= since || (table.exclusion(id) & RETIRED) !== 0) continue;
    silent.add(table.machine.get(id));
  }
  return [...silent].filter((machine) => exclusions.lastOf([machine]) < since).map((machine) => machines.name(machine));
}
