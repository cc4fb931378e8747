import type { DatabaseSync } from 'node:sqlite';
import { num, type Query, query, text } from '../database/rows.ts';

const COLUMNS = { hosts: 'name', products: 'activation_id', machines: 'name' } as const;
/** Of machines, enough for some batches; then they are forgotten. */
const CACHED = 20_000;

/** Numbers for names. Hosts and products are few, and held in memory; of machines those that were asked for last. */
export class NameIds<Name extends string = string> {
  readonly #numbers = new Map<string, number>();
  readonly #names = new Map<number, Name>();
  readonly #most: number;
  readonly #insert: Query;
  readonly #byName: Query;
  readonly #byNo: Query;

  /** Takes in what is there; what another thread adds later is looked up when it is asked for. */
  constructor(database: DatabaseSync, table: keyof typeof COLUMNS) {
    const column = COLUMNS[table];
    this.#most = table === 'machines' ? CACHED : Number.POSITIVE_INFINITY;
    this.#insert = query(database, `INSERT INTO ${table} (${column}) VALUES (?)`);
    this.#byName = query(database, `SELECT id FROM ${table} WHERE ${column} = ?`);
    this.#byNo = query(database, `SELECT ${column} FROM ${table} WHERE id = ?`);
    if (table === 'machines') return;
    for (const [no, name] of query(database, `SELECT id, ${column} FROM ${table}`).iterate())
      this.remember(num(no), text(name) as Name);
  }

  /** The number of a name, which is taken down when it is new. */
  no(name: Name): number {
    return this.find(name) ?? this.create(name);
  }

  find(name: Name): number | undefined {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const row = this.#byName.get(name);
    if (row !== undefined) this.remember(num(row[0]), name);
    return row === undefined ? undefined : num(row[0]);
  }

  /** Empty if there is no such number. */
  name(no: number): Name {
    const known = this.#names.get(no);
    if (known !== undefined) return known;
    const row = this.#byNo.get(no);
    const name = (row === undefined ? '' : text(row[0])) as Name;
    if (row !== undefined) this.remember(no, name);
    return name;
  }

  /** Takes down a name that is known to be new. */
  protected create(name: Name): number {
    const no = this.#insert.insert(name);
    this.remember(no, name);
    return no;
  }

  /** Spares a reading. */
  remember(no: number, name: Name): void {
    if (this.#names.has(no)) return;
    if (this.#numbers.size >= this.#most) this.#numbers.clear();
    if (this.#names.size >= this.#most) this.#names.clear();
    this.#numbers.set(name, no);
    this.#names.set(no, name);
  }

  /** All hosts or products. */
  entries(): Iterable<[number, Name]> {
    return this.#names;
  }
}
