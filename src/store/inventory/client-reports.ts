import type { DatabaseSync } from 'node:sqlite';
import { fnv1a } from '../../kernel/fnv1a.ts';
import { isBare, machineAmong, nameKey, rangeOfFullNames } from '../../leases/machines.ts';
import type { SelfReport } from '../../leases/types.ts';
import { num, type Query, query, secs, text } from '../database/rows.ts';
import type { MachineNames } from '../history/machine-names.ts';

/** A power of two: 4 MiB, once there is a report. Two names that share a slot cost a needless look into the database. */
const SLOTS = 2 ** 20;

const NONE: readonly never[] = [];

/**
 * The dated words of clients of their licences, by the names that sources use. Whether there are any that matter is known
 * without a look into the database, as it is asked for each request that arrives.
 */
export class ClientReports {
  /** By a hash: the newest time of a name and product, and of a name alone; 0 for none. */
  #newest: Uint32Array | undefined;
  readonly #machines: MachineNames;
  readonly #named: Query;
  readonly #of: Query;
  readonly #numbers: Query;

  constructor(database: DatabaseSync, machines: MachineNames) {
    this.#machines = machines;
    this.#named = query(
      database,
      `SELECT machine FROM client_reports WHERE machine = ?1
       UNION SELECT machine FROM client_reports WHERE machine >= ?2 AND machine < ?3`,
    );
    this.#of = query(
      database,
      'SELECT time, status, minutes FROM client_reports WHERE machine = ? AND activation_id = ?',
    );
    this.#numbers = query(
      database,
      'SELECT id, name FROM machines WHERE name = ?1 UNION SELECT id, name FROM machines WHERE name >= ?2 AND name < ?3',
    );
    const all = query(database, 'SELECT machine, activation_id, max(time) FROM client_reports GROUP BY 1, 2');
    for (const [machine, activationId, time] of all.iterate()) this.note(text(machine), text(activationId), num(time));
  }

  get hasAny(): boolean {
    return this.#newest !== undefined;
  }

  /** Whether anything may be reported of any machine of a name's key. */
  mayKnow(machine: string): boolean {
    return this.#newest !== undefined && this.#at(nameKey(machine)) > 0;
  }

  /** No report of a machine on a product is newer; 0 if there is none. Seconds since the epoch. */
  newest(machine: string, activationId: string): number {
    return this.#newest === undefined ? 0 : this.#at(`${nameKey(machine)} ${activationId}`);
  }

  /** Takes down that there is a report. */
  note(machine: string, activationId: string, time: number): void {
    this.#newest ??= new Uint32Array(SLOTS);
    for (const key of [nameKey(machine), `${nameKey(machine)} ${activationId}`]) {
      const slot = slotOf(key);
      this.#newest[slot] = Math.max(this.#newest[slot] ?? 0, time);
    }
  }

  /** The reports of a machine about a product. @param machine its name in its requests */
  of(machine: string, activationId: string): SelfReport[] {
    if (this.newest(machine, activationId) === 0) return [];
    return this.#namesFor(machine).flatMap((name) =>
      this.#of.all(name, activationId).map(([time, status, minutes]) => ({
        ...{ machine, time: secs(time), status: num(status), minutes: num(minutes) },
      })),
    );
  }

  /** Numbers of the names in logs that mean the machine of a name, by all that logs and reports call it. */
  numbersFor(machine: string): number[] {
    const { names, logged } = this.#around(machine);
    const one = machineAmong(machine, names);
    return logged.flatMap(([no, name]) => (machineAmong(name, names) === one ? [no] : []));
  }

  /** Numbers of all names in logs that may mean the machine of a name, now or as names were before. */
  numbersLike(key: string): number[] {
    return this.#numbers.nums(...rangeOf(key));
  }

  /** Whether it is plain whose a report is: no log has another name for its machine. */
  isPlain(machine: string): boolean {
    const no = isBare(machine) ? undefined : this.#machines.find(machine);
    return no !== undefined && this.#machines.variants(no).length === 0;
  }

  /** The names of reports that mean the machine of a name. */
  #namesFor(machine: string): readonly string[] {
    const { names, reported } = this.#around(machine);
    if (reported.length === 0) return NONE;
    const one = machineAmong(machine, names);
    return reported.filter((name) => machineAmong(name, names) === one);
  }

  /** All names that share a key. */
  #around(machine: string) {
    const range = rangeOf(nameKey(machine));
    const reported = this.#named.texts(...range);
    const logged = this.#numbers.all(...range).map(([no, name]) => [num(no), text(name)] as const);
    return { reported, logged, names: [...reported, ...logged.map(([, name]) => name)] };
  }

  #at(key: string): number {
    return this.#newest?.[slotOf(key)] ?? 0;
  }
}

/** The key itself, and the range of the longer names that have it. */
function rangeOf(key: string): readonly [string, string, string] {
  return [key, ...rangeOfFullNames(key)];
}

function slotOf(key: string): number {
  const hash = fnv1a(key);
  return (hash ^ (hash >>> 20)) & (SLOTS - 1);
}
