import type { DatabaseSync } from 'node:sqlite';
import { num, type Query, query } from '../database/rows.ts';

/** Client ids that several machines use, and since when that is known. Once one is a duplicate, it stays one. */
export class Duplicates {
  readonly #since = new Map<number, number>();
  readonly #changed = new Set<number>();
  readonly #put: Query;

  /** @param isEmpty begins with none, whatever is stored */
  constructor(database: DatabaseSync, isEmpty = false) {
    this.#put = query(database, 'INSERT OR REPLACE INTO duplicates (client, since) VALUES (?, ?)');
    if (isEmpty) return;
    for (const [client, since] of query(database, 'SELECT client, since FROM duplicates').iterate()) {
      this.#since.set(num(client), num(since));
    }
  }

  has(client: number): boolean {
    return this.#since.has(client);
  }

  clients(): Iterable<number> {
    return this.#since.keys();
  }

  add(client: number, since: number): void {
    this.#since.set(client, since);
    this.#changed.add(client);
  }

  save(): void {
    for (const client of this.#changed) this.#put.run(client, this.#since.get(client) ?? 0);
    this.#changed.clear();
  }
}
