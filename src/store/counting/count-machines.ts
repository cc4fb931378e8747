import { type Numbers, u32 } from '../../kernel/numbers.ts';
import type { Seconds } from '../../kernel/time.ts';
import { compareRecords } from '../../leases/order.ts';
import { isSkewed, SKEW_WITHIN } from '../../leases/skew.ts';
import { lastId } from '../database/rows.ts';
import { isVirtual } from '../leases/lease-bits.ts';
import type { State } from '../leases/state.ts';
import { lastRequestUntil } from './count-leases.ts';
import { isCounted, type LeaseStates } from './lease-states.ts';

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

/** Counts the machines of all leases that count. @param states as they are now @param now seconds since the epoch */
export function countMachines(state: State, states: LeaseStates, now: Seconds): MachineCount {
  const { table } = state;
  const { flags, last } = table.columns;
  const count: MachineCount = { physical: 0, virtual: 0, skewed: new Map() };
  const machines = lastId(state.database, 'machines');
  const newest = newestOfMachines(state, states, machines);
  for (let machine = 1; machine <= machines; machine++) {
    const id = newest.get(machine);
    if (id === 0) continue;
    if (isVirtual(flags[id] ?? 0)) count.virtual += 1;
    else count.physical += 1;
    if (!table.isClockOff(id) && (last[id] ?? 0) <= now) continue;
    const host = skewedAt(state, machine, id, now);
    if (host !== 0) count.skewed.set(host, withOneMore(state, count.skewed.get(host), machine));
  }
  newest.free();
  return count;
}

/** By number of machine: the lease with its newest request; 0 if it has none that counts. */
function newestOfMachines({ table, records }: State, states: LeaseStates, machines: number): Numbers {
  const { machine, last, record } = table.columns;
  const newest = u32();
  newest.reserve(machines);
  for (let id = 1; id < table.length; id++) {
    if (states[id] === 0) continue;
    const no = machine[id] ?? 0;
    const other = newest.get(no);
    const later = other === 0 ? 1 : (last[id] ?? 0) - (last[other] ?? 0);
    if (later > 0 || (later === 0 && records.compare(record[id] ?? 0, record[other] ?? 0) > 0)) newest.put(no, id);
  }
  return newest;
}

function withOneMore({ names }: State, before: SkewedMachines | undefined, machine: number): SkewedMachines {
  const { count, names: named } = before ?? { count: 0, names: [] };
  return { count: count + 1, names: count < NAMED ? [...named, names.machines.name(machine)].sort() : named };
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
