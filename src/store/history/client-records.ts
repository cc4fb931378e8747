import type { DatabaseSync } from 'node:sqlite';
import { num, type Query, query } from '../database/rows.ts';

const TABLES = ['client_records', 'client_records_new'] as const;
/** Records that are merged at a time, so that senders hardly wait. */
const MERGED_AT_ONCE = 8000;

/**
 * A question about the records of clients in SQL, asked of both tables that tell which these are: `o` has `client`, `time`
 * and `record`, `r` is the record.
 * @param order by a column that is one of `o`: then nothing is sorted, and the first rows are there at once
 */
export function ofClients(select: string, where: string, order = ''): string {
  const parts = TABLES.map(
    (table) => `SELECT ${select} FROM ${table} o CROSS JOIN records r ON r.id = o.record WHERE ${where}`,
  );
  return `${parts.join(' UNION ALL ')} ${order}`;
}

/**
 * Which records each client has. Clients ask in random order, so each record would touch a page of its own in a large
 * table of all. What is new is in a small one, and is merged into the large one in its order, many records a page.
 */
export class ClientRecords {
  readonly #end: Query;
  readonly #copy: Query;
  readonly #drop: Query;
  readonly #count: Query;
  #waiting: number;
  /** The client up to which it was merged last. */
  #cursor = 0;

  constructor(database: DatabaseSync) {
    const some = 'client > ? AND client <= ?';
    this.#end = query(
      database,
      `SELECT client FROM client_records_new WHERE client > ? ORDER BY client LIMIT 1 OFFSET ?`,
    );
    this.#copy = query(database, `INSERT INTO client_records SELECT * FROM client_records_new WHERE ${some}`);
    this.#drop = query(database, `DELETE FROM client_records_new WHERE ${some}`);
    this.#count = query(database, 'SELECT count(*) FROM client_records_new');
    this.#waiting = this.#count.num();
  }

  /** How many are not merged yet; a little more if some were deleted meanwhile. */
  get waiting(): number {
    return this.#waiting;
  }

  /** A record was written; a trigger has put it into the small table. */
  noteNew(): void {
    this.#waiting += 1;
  }

  /** Merges some, going round in the order of the table. */
  merge(): void {
    const end = this.#end.get(this.#cursor, MERGED_AT_ONCE)?.[0];
    const bounds = [this.#cursor, end === undefined ? Number.MAX_SAFE_INTEGER : num(end)] as const;
    this.#copy.run(...bounds);
    this.#waiting -= this.#drop.run(...bounds);
    this.#cursor = end === undefined ? 0 : num(end);
    if (end === undefined) this.#waiting = this.#count.num();
  }
}
