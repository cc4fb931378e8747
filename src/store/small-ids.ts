import type { DatabaseSync } from 'node:sqlite';
import { num, type Query, query, text } from './rows.ts';

/** Numbers for the names of a small set that is held in memory: hosts and products. */
export class SmallIds {
  readonly #numbers = new Map<string, number>();
  readonly #names = new Map<number, string>();
  readonly #insert: Query;

  constructor(database: DatabaseSync, table: 'hosts' | 'products') {
    const column = table === 'hosts' ? 'name' : 'activation_id';
    for (const row of query(database, `SELECT id, ${column} FROM ${table}`).iterate())
      this.#put(num(row[0]), text(row[1]));
    this.#insert = query(database, `INSERT INTO ${table} (${column}) VALUES (?) RETURNING id`);
  }

  no(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const no = num(this.#insert.get(name)?.[0]);
    this.#put(no, name);
    return no;
  }

  find(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  name(no: number): string {
    return this.#names.get(no) ?? '';
  }

  entries(): Iterable<[number, string]> {
    return this.#names;
  }

  #put(no: number, name: string): void {
    this.#numbers.set(name, no);
    this.#names.set(no, name);
  }
}
