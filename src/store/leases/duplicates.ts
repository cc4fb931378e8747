import type { DatabaseSync } from 'node:sqlite';
import { isDuplicate, isSharedAt, type Sharing } from '../../leases/duplicates.ts';
import { num, type Query, query } from '../database/rows.ts';

/** Client ids that several machines use, and by which requests that is known; those of ephemeral machines too (`BY_NAME`). */
export class Duplicates {
  readonly #sharings = new Map<number, Sharing>();
  readonly #changed = new Set<number>();
  readonly #put: Query;
  readonly #drop: Query;

  /** @param isEmpty begins with none, whatever is stored */
  constructor(database: DatabaseSync, isEmpty = false) {
    this.#put = query(database, 'INSERT OR REPLACE INTO duplicates (client, since, until) VALUES (?, ?, ?)');
    this.#drop = query(database, 'DELETE FROM duplicates WHERE client = ?');
    if (isEmpty) return;
    for (const [client, since, until] of query(database, 'SELECT client, since, until FROM duplicates').iterate()) {
      this.#sharings.set(num(client), { since: num(since), until: num(until) });
    }
  }

  has(client: number): boolean {
    return this.#sharings.has(client);
  }

  /** Those that were duplicates by a request of the last 30 days. */
  *recent(now: number): Iterable<number> {
    for (const [client, sharing] of this.#sharings) if (isSharedAt(sharing, now)) yield client;
  }

  /** Takes what is known of all requests of a client id. */
  set(client: number, sharing: Sharing | undefined): void {
    if (sharing === undefined) {
      if (this.#sharings.delete(client)) this.#changed.add(client);
      return;
    }
    this.#sharings.set(client, sharing);
    this.#changed.add(client);
  }

  /** Whether the leases of a client id are kept by machine, and stay what they are with what some requests show. */
  covers(client: number, sharing: Sharing): boolean {
    const known = this.#sharings.get(client);
    return known !== undefined && (isDuplicate(known) || !isDuplicate(sharing));
  }

  /** Takes what some requests of a client id show that is a duplicate. */
  extend(client: number, { since, until }: Sharing): void {
    const known = this.#sharings.get(client) ?? { since, until };
    this.set(client, { since: Math.min(known.since, since), until: Math.max(known.until, until) });
  }

  save(): void {
    for (const client of this.#changed) {
      const sharing = this.#sharings.get(client);
      if (sharing === undefined) this.#drop.run(client);
      else this.#put.run(client, sharing.since, sharing.until);
    }
    this.#changed.clear();
  }
}
