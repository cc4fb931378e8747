import type { DatabaseSync } from 'node:sqlite';
import { num, type Query, query, text } from '../database/rows.ts';

/** Numbers for the names of a small set that is held in memory: hosts and products. */
export class NameIds {
  readonly #numbers = new Map<string, number>();
  readonly #names = new Map<number, string>();
  readonly #insert: Query;
  readonly #byName: Query;
  readonly #byNo: Query;

  /** Takes in what is there; what another thread adds later is looked up when it is asked for. */
  constructor(database: DatabaseSync, table: 'hosts' | 'products') {
    const column = table === 'hosts' ? 'name' : 'activation_id';
    for (const row of query(database, `SELECT id, ${column} FROM ${table}`).iterate())
      this.#put(num(row[0]), text(row[1]));
    this.#insert = query(database, `INSERT INTO ${table} (${column}) VALUES (?)`);
    this.#byName = query(database, `SELECT id FROM ${table} WHERE ${column} = ?`);
    this.#byNo = query(database, `SELECT ${column} FROM ${table} WHERE id = ?`);
  }

  no(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const no = this.#insert.insert(name);
    this.#put(no, name);
    return no;
  }

  find(name: string): number | undefined {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const row = this.#byName.get(name);
    if (row !== undefined) this.#put(num(row[0]), name);
    return row === undefined ? undefined : num(row[0]);
  }

  name(no: number): string {
    const known = this.#names.get(no);
    if (known !== undefined) return known;
    const row = this.#byNo.get(no);
    if (row === undefined) return '';
    this.#put(no, text(row[0]));
    return text(row[0]);
  }

  entries(): Iterable<[number, string]> {
    return this.#names;
  }

  #put(no: number, name: string): void {
    this.#numbers.set(name, no);
    this.#names.set(no, name);
  }
}
