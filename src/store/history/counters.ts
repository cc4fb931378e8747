import type { DatabaseSync } from 'node:sqlite';
import { num, type Query, query, text } from '../database/rows.ts';

/** Counts that outlive a restart, by a name in words with blanks between them. */
export class Counters {
  readonly #counts = new Map<string, number>();
  readonly #changed = new Set<string>();
  readonly #put: Query;

  constructor(database: DatabaseSync) {
    for (const [name, count] of query(database, 'SELECT name, count FROM counters').all()) {
      this.#counts.set(text(name), num(count));
    }
    this.#put = query(
      database,
      'INSERT INTO counters (name, count) VALUES (?, ?) ON CONFLICT DO UPDATE SET count = excluded.count',
    );
  }

  add(name: string, count: number): void {
    if (count === 0) return;
    this.#counts.set(name, this.get(name) + count);
    this.#changed.add(name);
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** The rest of the words, and the count, of those whose first word is given. */
  *of(first: string): Iterable<readonly [readonly string[], number]> {
    for (const [name, count] of this.#counts) {
      const [word, ...rest] = name.split(' ');
      if (word === first) yield [rest, count];
    }
  }

  save(): void {
    for (const name of this.#changed) this.#put.run(name, this.get(name));
    this.#changed.clear();
  }
}
