import type { DatabaseSync } from 'node:sqlite';
import { compareRecords } from '../leases/order.ts';
import { isRetired } from '../leases/state.ts';
import { isSuperseded } from '../leases/superseded.ts';
import { CLASSES, groupNo } from './catalogue.ts';
import { RETIRED, SUPERSEDED } from './fate-bits.ts';
import type { LeaseColumns } from './lease-columns.ts';
import type { LeaseRow, LeaseRows } from './lease-rows.ts';
import type { MachineNames } from './machine-names.ts';
import { num, type Query, query } from './rows.ts';
import type { Stray, Strays } from './strays.ts';

/** Whether leases are superseded or retired: what the other requests of their machine say. */
export class Fates {
  readonly #columns: LeaseColumns;
  readonly #rows: LeaseRows;
  readonly #names: MachineNames;
  readonly #strays: Strays;
  readonly #retired = new Map<number, number>();
  readonly #retire: Query;

  constructor(database: DatabaseSync, columns: LeaseColumns, rows: LeaseRows, names: MachineNames, strays: Strays) {
    this.#columns = columns;
    this.#rows = rows;
    this.#names = names;
    this.#strays = strays;
    this.#retire = query(database, 'UPDATE machines SET retired_at = max(coalesce(retired_at, 0), ?) WHERE id = ?');
    const retired = query(database, 'SELECT id, retired_at FROM machines WHERE retired_at IS NOT NULL');
    for (const [id, at] of retired.iterate()) this.#retired.set(num(id), num(at));
  }

  /** Writes down that a machine was retired; the fates of its leases are then to be told anew. */
  retire(machine: number, time: number): void {
    this.#retire.run(time, machine);
    this.#retired.set(machine, Math.max(this.#retired.get(machine) ?? 0, time));
  }

  /** The leases whose fate may hang on requests under these names. */
  *dependents(machines: Iterable<number>): Iterable<number> {
    const names = new Set<number>();
    for (const machine of machines) for (const name of this.#related(machine)) names.add(name);
    for (const name of names) yield* this.#columns.ofMachine(name);
  }

  /** The bits of a stored lease's fate. */
  of(id: number): number {
    const names = this.#related(this.#columns.machine.get(id));
    return (this.#isSuperseded(id, names) ? SUPERSEDED : 0) | (this.#isRetired(names) ? RETIRED : 0);
  }

  #related(machine: number): number[] {
    return [machine, ...this.#names.kin(machine)];
  }

  #isRetired(names: readonly number[]): boolean {
    if (this.#retired.size === 0) return false;
    const times = names.flatMap((name) => this.#retired.get(name) ?? []);
    return times.length > 0 && isRetired(Math.max(...times), this.lastOf(names));
  }

  /** Time of the last request under any of these names; 0 when there was none. */
  lastOf(names: readonly number[]): number {
    let last = 0;
    for (const name of names) {
      for (const id of this.#columns.ofMachine(name)) last = Math.max(last, this.#columns.last.get(id));
      for (let group = 0; group < CLASSES.length; group++)
        last = Math.max(last, this.#strays.of(name, group)?.time ?? 0);
    }
    return last;
  }

  /** Most machines have one lease in each group, and no rule to be asked. */
  #isSuperseded(id: number, names: readonly number[]): boolean {
    const group = groupNo(this.#columns.cls(id));
    const rivals = this.#rivals(id, names, group);
    const strays = names.flatMap((name) => this.#strays.of(name, group) ?? []);
    if (rivals.length === 0 && strays.length === 0) return false;
    const own = this.#rows.get(id);
    if (own === undefined) return false;
    const lasts = rivals.flatMap((rival) => this.#rows.get(rival)?.lease.last ?? []);
    return isSuperseded(own.lease, newest(own, [...lasts, ...strays]));
  }

  #rivals(id: number, names: readonly number[], group: number): number[] {
    return names.flatMap((name) =>
      [...this.#columns.ofMachine(name)].filter((other) => other !== id && groupNo(this.#columns.cls(other)) === group),
    );
  }
}

function newest({ lease }: LeaseRow, others: readonly Stray[]) {
  const latest = others.reduce<Stray>((a, b) => (compareRecords(b, a) > 0 ? b : a), lease.last);
  return { ...lease.last, ...latest };
}
