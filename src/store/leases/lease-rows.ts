import type { DatabaseSync } from 'node:sqlite';
import { u32 } from '../../kernel/numbers.ts';
import type { LastContacts } from '../../leases/last-contacts.ts';
import { LEASE_COLUMNS, NEVER } from '../database/lease-table-sql.ts';
import { lastId, num, type Query, query, type Row } from '../database/rows.ts';
import type { LeaseTable } from './lease-table.ts';

const COLUMNS = [...LEASE_COLUMNS, 'contacts'];

/** The end of a statement that inserts a `leaseRow`. */
export function into(table: string): string {
  return `INTO ${table} (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;
}

/** How many changed leases are written straight to `leases`, and how many `lease_changes` may hold. */
export interface RowLimits {
  readonly direct: number;
  readonly most: number;
}

/**
 * A large batch of renewals touches as many pages of a large table as it has leases. Held in `lease_changes` and merged
 * many at a time in the order of the table, they touch a page once for several.
 */
export const ROW_LIMITS: RowLimits = { direct: 1000, most: 250_000 };
/** Rows that are merged at a time, so that senders hardly wait. */
const MERGED_AT_ONCE = 8000;

/** Writes the leases that have changed. What was committed is what every reader sees. */
export class LeaseRows {
  readonly #table: LeaseTable;
  readonly #contacts: LastContacts;
  readonly limits: RowLimits;
  readonly #changed = new Set<number>();
  readonly #deleted = new Set<number>();
  readonly #insert: Query;
  readonly #update: Query;
  readonly #move: Query;
  readonly #change: Query;
  readonly #dropChange: Query;
  readonly #delete: Query;
  readonly #nextChanges: Query;
  /** 1 for each lease that has a row in `lease_changes`, and how many these are. */
  readonly #waits = u32();
  #waiting = 0;
  /** The largest number of a lease in `leases`. */
  #last: number;
  /** Where the next merge begins. */
  #cursor = 0;

  constructor(database: DatabaseSync, table: LeaseTable, contacts: LastContacts, limits = ROW_LIMITS) {
    this.#table = table;
    this.#contacts = contacts;
    this.limits = limits;
    // An index of a column that is set is written, changed or not.
    const update = (names: readonly string[]) =>
      `UPDATE leases SET ${names.map((name) => `${name} = ?${COLUMNS.indexOf(name) + 1}`).join(', ')} WHERE id = ?1`;
    const changing = COLUMNS.slice(COLUMNS.indexOf('exclusion'));
    this.#insert = query(database, `INSERT ${into('leases')}`);
    this.#move = query(database, update(changing));
    this.#update = query(
      database,
      `${update(changing.filter((name) => name !== 'machine'))} AND machine = ?${COLUMNS.indexOf('machine') + 1}`,
    );
    this.#change = query(database, `INSERT OR REPLACE ${into('lease_changes')}`);
    this.#dropChange = query(database, 'DELETE FROM lease_changes WHERE id = ?');
    this.#delete = query(database, 'DELETE FROM leases WHERE id = ?');
    this.#nextChanges = query(database, 'SELECT id FROM lease_changes WHERE id > ? ORDER BY id LIMIT ?');
    for (const [id] of query(database, 'SELECT id FROM lease_changes').iterate()) this.#setWaiting(num(id), 1);
    this.#last = lastId(database, 'leases');
  }

  /** Whether rows wait in `lease_changes`. */
  get hasWaiting(): boolean {
    return this.#waiting > 0;
  }

  /** The leases that will be written. */
  get changed(): Iterable<number> {
    return this.#changed;
  }

  /** The leases that will be deleted. */
  get deleted(): Iterable<number> {
    return this.#deleted;
  }

  /** For a derivation, which writes all leases by itself. */
  forgetChanges(): void {
    this.#changed.clear();
  }

  /** Has a lease written at the end of the transaction. */
  touch(id: number): void {
    this.#changed.add(id);
  }

  /** Has a lease deleted at the end of the transaction. */
  delete(id: number): void {
    this.#changed.delete(id);
    this.#deleted.add(id);
  }

  /** The end of a transaction. */
  save(): void {
    for (const id of this.#deleted) {
      this.#delete.run(id);
      this.#drop(id);
    }
    this.#deleted.clear();
    const isLarge = this.#changed.size > this.limits.direct;
    const { length } = this.#table;
    const known = this.#last;
    for (const id of Uint32Array.from(this.#changed).sort()) {
      if (id > known) this.#add(id);
      else if (isLarge) this.#put(id);
      else this.#write(id);
    }
    this.#last = Math.max(known, length - 1);
    this.#changed.clear();
    if (this.#waiting > this.limits.most) this.merge();
  }

  /** Takes some rows from `lease_changes` into `leases`, going round in the order of the table. */
  merge(): void {
    const rows = this.#nextChanges.all(this.#cursor, MERGED_AT_ONCE);
    for (const [id] of rows) this.#write(num(id));
    this.#cursor = rows.length < MERGED_AT_ONCE ? 0 : num(rows.at(-1)?.[0]);
  }

  #add(id: number): void {
    this.#insert.run(...leaseRow(this.#table, this.#contacts, id));
  }

  #put(id: number): void {
    this.#change.run(...leaseRow(this.#table, this.#contacts, id));
    this.#setWaiting(id, 1);
  }

  #write(id: number): void {
    const row = leaseRow(this.#table, this.#contacts, id);
    if (this.#update.run(...row) === 0) this.#move.run(...row);
    this.#drop(id);
  }

  #drop(id: number): void {
    if (this.#waits.get(id) === 0) return;
    this.#dropChange.run(id);
    this.#setWaiting(id, 0);
  }

  #setWaiting(id: number, waits: 0 | 1): void {
    this.#waiting += waits - this.#waits.get(id);
    this.#waits.put(id, waits);
  }
}

/** The row of a lease: values of `LEASE_COLUMNS`, then the JSON of other contacts. */
export function leaseRow(table: LeaseTable, contacts: LastContacts, id: number): Row {
  const client = table.client.get(id);
  const newest = contacts.newest(client);
  return [
    id,
    client,
    table.product.get(id),
    table.exclusion(id),
    table.expiry(id) || NEVER,
    table.isDoubted(id) ? 1 : 0,
    table.cls(id),
    table.otherFlags(id),
    table.first.get(id),
    table.confirmed.get(id),
    table.presumed.get(id),
    table.renewalAt.get(id),
    table.renewalMachine.get(id),
    table.previous.get(id),
    table.runStart.get(id),
    table.anomalies.get(id),
    table.last.get(id),
    table.record.get(id),
    table.host.get(id),
    table.machine.get(id),
    newest?.pool ?? 0,
    newest?.time ?? 0,
    newest === undefined || newest.others.length === 0 ? null : JSON.stringify(newest.others),
  ];
}
