import type { Seconds } from '../../kernel/time.ts';
import { compareRecords } from '../../leases/order.ts';
import { isSkewed, SKEW_WITHIN } from '../../leases/skew.ts';
import { num, query } from '../database/rows.ts';
import type { State } from '../leases/state.ts';
import { isCounted, lastRequestUntil } from './count-leases.ts';

export interface MachineCount {
  physical: number;
  virtual: number;
  /** By host: machines whose newest request showed a clock too far off. */
  readonly skewed: Map<number, SkewedMachines>;
}

export interface SkewedMachines {
  readonly count: number;
  /** The names of some. */
  readonly names: readonly string[];
}

const NAMED = 5;

/** Counts the machines of all leases that count. @param now seconds since the epoch */
export function countMachines(state: State, now: Seconds): MachineCount {
  const count: MachineCount = { physical: 0, virtual: 0, skewed: new Map() };
  const last = num(query(state.database, 'SELECT coalesce(max(id), 0) FROM machines').get()?.[0]);
  for (let machine = 1; machine <= last; machine++) {
    const newest = newestOf(state, machine, now);
    if (newest === 0) continue;
    if (state.table.isVirtual(newest)) count.virtual += 1;
    else count.physical += 1;
    const host = skewedAt(state, machine, newest, now);
    if (host !== 0) count.skewed.set(host, withOneMore(state, count.skewed.get(host), machine));
  }
  return count;
}

function withOneMore({ names }: State, before: SkewedMachines | undefined, machine: number): SkewedMachines {
  const { count, names: named } = before ?? { count: 0, names: [] };
  return { count: count + 1, names: count < NAMED ? [...named, names.machines.name(machine)].sort() : named };
}

/** The lease with the newest request of a machine; 0 if it has none that counts. */
function newestOf(state: State, machine: number, now: Seconds): number {
  const { machineIndex } = state.table;
  let newest = 0;
  for (let id = machineIndex.first(machine); id !== 0; id = machineIndex.after(id)) {
    if (isCounted(state, id, now)) newest = later(state, newest, id);
  }
  return newest;
}

function later({ table, records }: State, a: number, b: number): number {
  if (a === 0 || b === 0) return a + b;
  const order = table.last.get(b) - table.last.get(a) || records.compare(table.record.get(b), table.record.get(a));
  return order > 0 ? b : a;
}

/** The host at which the newest request up to now showed a clock too far off; 0 if it did not. */
function skewedAt(state: State, machine: number, newest: number, now: Seconds): number {
  const { table } = state;
  const last = table.last.get(newest);
  if (last > now) return skewedUntil(state, machine, now);
  return last > now - SKEW_WITHIN && table.isClockOff(newest) ? table.host.get(newest) : 0;
}

/** The same of a machine whose newest request is dated ahead, by a host with a fast clock. */
function skewedUntil(state: State, machine: number, now: Seconds): number {
  const leases = [...state.table.ofMachine(machine)].filter((id) => isCounted(state, id, now));
  const requests = leases.flatMap((id) => lastRequestUntil(state, id, now) ?? []);
  const newest = requests.sort(compareRecords).at(-1);
  return newest !== undefined && isSkewed(newest, now) ? newest.hostNo : 0;
}
