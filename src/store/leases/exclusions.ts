import type { DatabaseSync } from 'node:sqlite';
import { NewestRequests } from '../../leases/newest-requests.ts';
import { isRetired } from '../../leases/state.ts';
import { movedOn, supersessionGroup } from '../../leases/superseded.ts';
import { CLASSES, classOf, groupNo } from '../database/numbering.ts';
import { num, type Query, query } from '../database/rows.ts';
import type { MachineNames } from '../history/machine-names.ts';
import type { Records } from '../history/records.ts';
import { RETIRED, SUPERSEDED } from './exclusion-bits.ts';
import type { FormerRequests } from './former-requests.ts';
import type { LeaseTable } from './lease-table.ts';

/** A kilobyte each, and needed again for the other leases of the machine, which mostly follow. */
const MOST_MACHINES = 4096;

interface MachineState {
  readonly retired: boolean;
  /** By group of classes. */
  readonly newest: readonly NewestRequests[];
}

/** Whether leases are superseded or retired, which depends on the other requests of their machine. */
export class Exclusions {
  readonly #table: LeaseTable;
  readonly #names: MachineNames;
  readonly #former: FormerRequests;
  readonly #records: Records;
  readonly #retired = new Map<number, number>();
  readonly #retire: Query;
  readonly #restore: Query;

  constructor(
    database: DatabaseSync,
    table: LeaseTable,
    names: MachineNames,
    former: FormerRequests,
    records: Records,
  ) {
    this.#table = table;
    this.#names = names;
    this.#former = former;
    this.#records = records;
    this.#retire = query(database, 'UPDATE machines SET retired_at = max(coalesce(retired_at, 0), ?) WHERE id = ?');
    this.#restore = query(database, 'UPDATE machines SET retired_at = NULL WHERE id = ?');
    const retired = query(database, 'SELECT id, retired_at FROM machines WHERE retired_at IS NOT NULL');
    for (const [id, at] of retired.iterate()) this.#retired.set(num(id), num(at));
  }

  /** Writes down that a machine was retired; the exclusions of its leases are then to be worked out again. */
  retire(machine: number, time: number): void {
    this.#retire.run(time, machine);
    this.#retired.set(machine, Math.max(this.#retired.get(machine) ?? 0, time));
  }

  /** Whether this very name was retired, whatever its machine has asked since. */
  isMarked(machine: number): boolean {
    return this.#retired.has(machine);
  }

  /** The reverse of `retire`. */
  restore(machine: number): void {
    this.#restore.run(machine);
    this.#retired.delete(machine);
  }

  /** The leases whose exclusion may depend on requests of these machines, or on commands under these names. */
  *dependents(machines: Iterable<number>): Iterable<number> {
    const names = new Set<number>();
    for (const machine of machines) for (const name of this.#namesOf(machine)) names.add(name);
    for (const name of names) yield* this.#table.ofMachine(name);
  }

  /** Works out the exclusions of leases by number, while no lease and no former request changes. */
  reckoner(): (id: number) => number {
    const states = new Map<number, MachineState>();
    const stateOf = (machine: number): MachineState => {
      const known = states.get(machine);
      if (known !== undefined) return known;
      if (states.size >= MOST_MACHINES) states.clear();
      const state = this.#stateOf(machine);
      states.set(machine, state);
      return state;
    };
    return (id) => {
      const { retired, newest } = stateOf(this.#table.machine.get(id));
      const superseded = this.#isSuperseded(id, newest[groupNo(this.#table.cls(id))]);
      return (superseded ? SUPERSEDED : 0) | (retired ? RETIRED : 0);
    };
  }

  /** Time of the last request of any of these machines; 0 if there was none. */
  lastOf(machines: readonly number[]): number {
    let last = 0;
    for (const machine of machines) {
      for (const id of this.#table.ofMachine(machine)) last = Math.max(last, this.#table.last.get(id));
      for (let group = 0; group < CLASSES.length; group++) {
        for (const { time } of this.#former.of(machine, group)) last = Math.max(last, time);
      }
    }
    return last;
  }

  #namesOf(machine: number): number[] {
    return [machine, ...this.#names.variants(machine)];
  }

  #isRetired(machine: number): boolean {
    if (this.#retired.size === 0) return false;
    const times = this.#namesOf(machine).flatMap((name) => this.#retired.get(name) ?? []);
    return times.length > 0 && isRetired(Math.max(...times), this.lastOf([machine]));
  }

  #stateOf(machine: number): MachineState {
    const newest = CLASSES.map(() => new NewestRequests());
    for (const id of this.#table.ofMachine(machine)) {
      newest[groupNo(this.#table.cls(id))]?.addLease(id, this.#table.last.get(id));
    }
    for (const [group, requests] of newest.entries()) {
      for (const request of this.#former.of(machine, group)) requests.addFormer(request);
    }
    return { retired: this.#isRetired(machine), newest };
  }

  /** A machine may have some hundred leases, and only the newest request beside a lease's own decides. */
  #isSuperseded(id: number, newest: NewestRequests | undefined): boolean {
    if (newest === undefined) return false;
    const own = this.#table.last.get(id);
    const other = newest.beside(id);
    const group = supersessionGroup(classOf(this.#table.cls(id)));
    return movedOn(group, own, other) ?? this.#hasLater(id, newest, own);
  }

  /** Whether another request of the same second comes after the lease's last. */
  #hasLater(id: number, newest: NewestRequests, time: number): boolean {
    const own = this.#table.record.get(id);
    const rivals = newest.leasesAt(time).filter((rival) => rival !== id);
    const former = newest.formerAt(time).map(({ record }) => record);
    const records = [
      ...rivals.map((rival) => this.#table.record.get(rival)),
      ...former.filter((record) => !this.#isOf(id, record)),
    ];
    return records.some((record) => this.#records.compare(record, own) > 0);
  }

  #isOf(id: number, record: number): boolean {
    const request = this.#records.get(record);
    return request?.client === this.#table.client.get(id) && request.product === this.#table.product.get(id);
  }
}
