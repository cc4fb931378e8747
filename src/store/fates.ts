import type { DatabaseSync } from 'node:sqlite';
import { compareRecords } from '../leases/order.ts';
import { isRetired } from '../leases/state.ts';
import { isSuperseded } from '../leases/superseded.ts';
import type { LeaseRequest } from '../leases/types.ts';
import { CLASSES, groupNo } from './catalogue.ts';
import { RETIRED, SUPERSEDED } from './fate-bits.ts';
import type { LeaseColumns } from './lease-columns.ts';
import type { LeaseRows } from './lease-rows.ts';
import type { MachineNames } from './machine-names.ts';
import { num, type Query, query } from './rows.ts';
import type { Stray, Strays } from './strays.ts';

/** A kilobyte each, and wanted again for the other leases of the machine, which mostly follow. */
const MOST_STANDINGS = 4096;

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

  /** Tells the fates of stored leases, by id, while no lease and no stray changes. */
  telling(): (id: number) => number {
    const standings = new Map<number, Standing>();
    const standingOf = (machine: number): Standing => {
      const known = standings.get(machine);
      if (known !== undefined) return known;
      if (standings.size >= MOST_STANDINGS) standings.clear();
      const standing = this.#standing(machine);
      standings.set(machine, standing);
      return standing;
    };
    return (id) => {
      const { retired, newest } = standingOf(this.#columns.machine.get(id));
      return (
        (this.#isSuperseded(id, newest[groupNo(this.#columns.cls(id))]) ? SUPERSEDED : 0) | (retired ? RETIRED : 0)
      );
    };
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

  #standing(machine: number): Standing {
    const names = this.#related(machine);
    const newest = CLASSES.map(() => new Newest());
    for (const name of names) {
      for (const id of this.#columns.ofMachine(name))
        newest[groupNo(this.#columns.cls(id))]?.addLease(id, this.#columns.last.get(id));
      for (let group = 0; group < CLASSES.length; group++) newest[group]?.addStray(this.#strays.of(name, group));
    }
    return { retired: this.#isRetired(names), newest };
  }

  /** A machine may have some hundred leases, and only the newest request beside a lease's own decides. */
  #isSuperseded(id: number, newest: Newest | undefined): boolean {
    const other = newest?.beside(id) ?? 0;
    const own = this.#columns.last.get(id);
    if (newest === undefined || other < own) return false;
    const lease = this.#rows.get(id)?.lease;
    if (lease === undefined) return false;
    if (other > own) return isSuperseded(lease, { ...lease.last, time: other, clientId: '', activationId: '' });
    const rivals = newest.at(other).filter((rival) => rival !== id);
    const lasts = rivals.flatMap((rival) => this.#rows.get(rival)?.lease.last ?? []);
    return isSuperseded(lease, latest(lease.last, [...lasts, ...newest.strays]));
  }
}

interface Standing {
  readonly retired: boolean;
  /** By group of classes. */
  readonly newest: readonly Newest[];
}

/** The newest last requests of one machine's leases in one group: the times alone, and which leases have them. */
class Newest {
  readonly strays: Stray[] = [];
  /** Ids by time, of the two largest times. */
  readonly #ids = new Map<number, number[]>();
  #first = 0;
  #second = 0;

  addLease(id: number, time: number): void {
    this.#rank(time);
    if (time >= this.#second) this.#ids.set(time, [...(this.#ids.get(time) ?? []), id]);
  }

  addStray(stray: Stray | undefined): void {
    if (stray === undefined) return;
    this.strays.push(stray);
    this.#rank(stray.time);
  }

  /** The largest time beside a lease's own. */
  beside(id: number): number {
    const alone = this.#ids.get(this.#first)?.length === 1 && this.#ids.get(this.#first)?.[0] === id;
    return alone && !this.strays.some(({ time }) => time === this.#first) ? this.#second : this.#first;
  }

  /** The leases whose last request has this time, one of the two largest. */
  at(time: number): readonly number[] {
    return this.#ids.get(time) ?? [];
  }

  #rank(time: number): void {
    if (time > this.#first) [this.#first, this.#second] = [time, this.#first];
    else if (time > this.#second && time < this.#first) this.#second = time;
  }
}

function latest(own: LeaseRequest, others: readonly Stray[]): LeaseRequest {
  const newest = others.reduce<Stray>((a, b) => (compareRecords(b, a) > 0 ? b : a), own);
  return { ...own, ...newest };
}
