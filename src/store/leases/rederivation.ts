import type { DatabaseSync } from 'node:sqlite';
import { readMeta, writeMeta } from '../database/meta.ts';
import { num, query } from '../database/rows.ts';
import { LEASE_COLUMNS, largeIndexSql, leaseTableSql } from '../database/schema.ts';
import { transaction } from '../database/transaction.ts';
import type { StoredRequest } from '../history/records.ts';
import { derivationOf, type StoreSettings } from '../settings.ts';
import { CensusDrawing } from './census-drawing.ts';
import { foldRequests, putLease } from './fold-lease.ts';
import { replaceAliases } from './host-aliases.ts';
import { LeaseRows, leaseRow } from './lease-rows.ts';
import { isFormer, Projection, sharedSince } from './projection.ts';
import { State } from './state.ts';

/** How much is done between two looks at the clock. */
const CLIENTS = 200;
const LEASES = 2000;
const ARRIVALS = 1000;

/** Something that happened to the projection in use, to be done again to the one that is derived. */
export type Happening = (projection: Projection, state: State) => void;

/**
 * Derives the state of all leases again from the records, as after a change of products, aliases or validity. It works in
 * steps, between which senders have their turn: readers and senders use the old projection until the new one is whole.
 * Records that arrive meanwhile are taken in at the end, in the order of their arrival.
 */
export class Rederivation {
  readonly #live: State;
  readonly #next: State;
  readonly #database: DatabaseSync;
  readonly #now: number;
  readonly #happenings: Happening[] = [];
  readonly #work: Iterator<void>;
  /** Part of the names of the new indexes. */
  readonly #generation: number;

  constructor(live: State, settings: StoreSettings, now: number) {
    this.#live = live;
    this.#database = live.database;
    this.#next = new State(live.database, live, settings, { isEmpty: true });
    this.#now = now;
    this.#generation = Number(readMeta(live.database, 'lease_generation') ?? 0) + 1;
    this.#work = this.#run();
  }

  /** The new projection, once `step` has said that it is whole. */
  get next(): State {
    return this.#next;
  }

  /** Notes what happened to the old projection, but for records that arrived. */
  note(happening: Happening): void {
    this.#happenings.push(happening);
  }

  /** Works for so many milliseconds, or a little longer. @returns whether there is more to do */
  step(milliseconds: number): boolean {
    const until = performance.now() + milliseconds;
    do if (this.#work.next().done === true) return false;
    while (performance.now() < until);
    return true;
  }

  *#run(): Generator<void> {
    // Whoever opens the database in between finds records of two configurations, and has to begin again.
    writeMeta(this.#database, 'derivation', '');
    yield* replaceAliases(this.#database, this.#next.settings);
    const { records } = this.#next;
    records.until = records.last();
    yield* this.#drawCensus();
    yield* this.#foldLeases();
    yield* this.#exclude();
    yield* this.#writeRows();
    yield* this.#catchUp();
  }

  *#drawCensus(): Generator<void> {
    const drawing = new CensusDrawing(this.#next, this.#now);
    for (const [first, end] of this.#clients()) {
      for (const requests of this.#next.records.byClient(first, end)) drawing.add(requests);
      yield;
    }
    drawing.finish();
    for (const [host, notice] of this.#next.notices.all()) this.#next.logs.noteNotice(host, notice.time, notice.body);
  }

  *#foldLeases(): Generator<void> {
    for (const [first, end] of this.#clients()) {
      for (const requests of this.#next.records.byClient(first, end)) this.#foldClient(requests);
      this.#next.rows.forgetChanges();
      yield;
    }
  }

  #foldClient(requests: readonly StoredRequest[]): void {
    const { duplicates, table, former } = this.#next;
    const since = sharedSince(requests);
    if (since !== undefined) duplicates.add(requests[0]?.client ?? 0, since);
    for (const own of Map.groupBy(requests, ({ product }) => product).values()) {
      const lease = foldRequests(this.#next, undefined, own);
      const last = own.at(-1);
      if (lease === undefined || last === undefined) continue;
      putLease(this.#next, table.length, lease, last);
      for (const request of own) {
        if (isFormer(request, last)) former.add(request);
      }
    }
  }

  *#exclude(): Generator<void> {
    const { table, exclusions } = this.#next;
    const exclusionOf = exclusions.reckoner();
    for (let id = 1; id < table.length; id++) {
      const exclusion = exclusionOf(id);
      if (exclusion !== 0) table.setExclusion(id, exclusion);
      if (id % LEASES === 0) yield;
    }
  }

  /** Into a table beside the one that readers use. */
  *#writeRows(): Generator<void> {
    const { table, pools } = this.#next;
    this.#database.exec(`DROP TABLE IF EXISTS leases_next; ${this.#createNext()}`);
    const columns = [...LEASE_COLUMNS, 'contacts'];
    const insert = query(
      this.#database,
      `INSERT INTO leases_next (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    for (let id = 1; id < table.length; ) {
      transaction(this.#database, () => {
        for (const end = Math.min(id + LEASES, table.length); id < end; id++) {
          insert.run(...leaseRow(table, pools.contacts, id));
        }
      });
      yield;
    }
  }

  #createNext(): string {
    const indexes = `leases_${this.#generation}`;
    return `${leaseTableSql('leases_next', indexes)}; ${largeIndexSql('leases_next', indexes)}`;
  }

  /** Enters what has arrived meanwhile, the last of it in the transaction that puts the new projection in place. */
  *#catchUp(): Generator<void> {
    const { records } = this.#next;
    const projection = new Projection(this.#next);
    let arrivals = records.arrivedAfter(records.until, ARRIVALS);
    while (arrivals.length === ARRIVALS) {
      this.#enter(projection, arrivals);
      projection.finish();
      yield;
      arrivals = records.arrivedAfter(records.until, ARRIVALS);
    }
    transaction(this.#database, () => {
      this.#enter(projection, arrivals);
      for (const happening of this.#happenings) happening(projection, this.#next);
      projection.finish();
      this.#putInPlace();
    });
    records.until = Number.MAX_SAFE_INTEGER;
  }

  #enter(projection: Projection, arrivals: readonly StoredRequest[]): void {
    const { records, names } = this.#next;
    for (const request of arrivals) {
      records.until = request.no;
      projection.enter(request, names.clients.entry(request.clientId, request.machine), this.#now);
    }
  }

  /** The rows that catching up has changed are written to the new table under its new name. */
  #putInPlace(): void {
    const database = this.#database;
    database.exec('DROP TABLE leases; ALTER TABLE leases_next RENAME TO leases; DELETE FROM lease_changes');
    database.exec(
      'DELETE FROM host_pools; DELETE FROM duplicates; DELETE FROM former_requests; DELETE FROM product_use',
    );
    database.exec("UPDATE hosts SET log_status = '{}'");
    const { table, pools, logs, rows, settings } = this.#next;
    logs.copyArrivals(this.#live.logs);
    this.#next.rows = new LeaseRows(database, table, pools.contacts, rows.limits);
    for (const id of rows.changed) this.#next.rows.touch(id);
    this.#next.save();
    writeMeta(database, 'derivation', derivationOf(settings));
    writeMeta(database, 'lease_generation', String(this.#generation));
  }

  /** Numbers of clients, some at a time. */
  *#clients(): Generator<readonly [first: number, end: number]> {
    const last = num(query(this.#database, 'SELECT coalesce(max(id), 0) FROM clients').get()?.[0]);
    for (let first = 1; first <= last; first += CLIENTS) yield [first, first + CLIENTS];
  }
}
