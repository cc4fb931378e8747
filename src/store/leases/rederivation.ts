import type { DatabaseSync } from 'node:sqlite';
import { NO_REPORTS } from '../../leases/self-reports.ts';
import { largeIndexSql, leaseTableSql } from '../database/lease-table-sql.ts';
import { readMeta, writeMeta } from '../database/meta.ts';
import { lastId, query, text } from '../database/rows.ts';
import { transaction } from '../database/transaction.ts';
import { writeOfficeProducts } from '../history/office-products.ts';
import type { StoredRequest } from '../history/records.ts';
import { derivationOf, type StoreSettings } from '../settings.ts';
import { CensusDrawing } from './census-drawing.ts';
import { foldClient } from './fold-lease.ts';
import { replaceAliases } from './host-aliases.ts';
import { hasUnnamed, officeAmong } from './infer-office.ts';
import { into, LeaseRows, leaseRow } from './lease-rows.ts';
import { Projection } from './projection.ts';
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
  /** Set when records that came meanwhile show that another product is Office. */
  mustReinfer = false;
  readonly #live: State;
  readonly #next: State;
  readonly #database: DatabaseSync;
  readonly #now: number;
  readonly #happenings: Happening[] = [];
  readonly #work: Iterator<void>;
  /** Part of the names of the new indexes. */
  readonly #generation: number;
  /** Those of names before the first record was read. */
  readonly #regroupings: number;

  constructor(live: State, settings: StoreSettings, now: number) {
    this.#live = live;
    this.#database = live.database;
    this.#next = new State(live.database, live, settings, { isEmpty: true });
    this.#now = now;
    this.#regroupings = live.names.machines.regroupings;
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

  /** Works for this many milliseconds, or a little longer. @returns whether there is more to do */
  step(milliseconds: number): boolean {
    const until = performance.now() + milliseconds;
    do if (this.#work.next().done === true) return false;
    while (performance.now() < until);
    return true;
  }

  *#run(): Generator<void> {
    // An agent that opens the database in between finds records of two configurations, and has to begin again.
    writeMeta(this.#database, 'derivation', '');
    const { records, names, settings } = this.#next;
    yield* replaceAliases(this.#database, names.hosts, settings);
    records.until = records.last();
    yield* this.#inferOffice();
    yield* this.#drawCensus();
    yield* this.#foldLeases();
    yield* this.#hearClients();
    yield* this.#exclude();
    yield* this.#writeRows();
    yield* this.#catchUp();
  }

  /** Whether a product of no table is Office has to be known before anything is counted. */
  *#inferOffice(): Generator<void> {
    if (!hasUnnamed(this.#next)) return;
    const office = new Set<string>();
    yield* this.#eachClient((requests) => {
      for (const id of officeAmong(this.#next, requests)) office.add(id);
    });
    this.#next.catalogue.inferOffice(office);
  }

  *#drawCensus(): Generator<void> {
    const drawing = new CensusDrawing(this.#next, this.#now);
    yield* this.#eachClient((requests) => drawing.add(requests));
    drawing.finish();
    this.#next.logs.copyGaps(this.#live.logs);
    for (const [host, notice] of this.#next.notices.all()) this.#next.logs.noteNotice(host, notice.time, notice.body);
  }

  *#foldLeases(): Generator<void> {
    for (const _ of this.#eachClient((requests) => foldClient(this.#next, requests, () => NO_REPORTS))) {
      this.#next.rows.forgetChanges();
      yield;
    }
  }

  /** Once all leases are there: what a client says is about the newest of its leases. */
  *#hearClients(): Generator<void> {
    const projection = new Projection(this.#next, this.#regroupings);
    const reported = query(this.#database, 'SELECT DISTINCT machine FROM client_reports WHERE machine > ? LIMIT ?');
    let names: readonly string[] = [''];
    while (names.length > 0) {
      names = reported.texts(names.at(-1) ?? '', CLIENTS);
      for (const name of names) projection.heard.hearAgain(name);
      projection.finish();
      this.#next.rows.forgetChanges();
      yield;
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
    const insert = query(this.#database, `INSERT ${into('leases_next')}`);
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
    const projection = new Projection(this.#next, this.#regroupings);
    const note = () => {
      this.mustReinfer ||= projection.mustReinfer;
    };
    let arrivals = records.arrivedAfter(records.until, ARRIVALS);
    while (arrivals.length === ARRIVALS) {
      this.#enter(projection, arrivals);
      projection.finish();
      note();
      yield;
      arrivals = records.arrivedAfter(records.until, ARRIVALS);
    }
    transaction(this.#database, () => {
      this.#enter(projection, arrivals);
      for (const happening of this.#happenings) happening(projection, this.#next);
      projection.finish();
      note();
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
    for (const id of rows.deleted) this.#next.rows.delete(id);
    this.#next.save();
    writeMeta(database, 'derivation', this.mustReinfer ? '' : derivationOf(settings));
    writeOfficeProducts(database, this.#next.catalogue);
    writeMeta(database, 'lease_generation', String(this.#generation));
  }

  /** @param take is given all requests of each client @yields after some clients */
  *#eachClient(take: (requests: readonly StoredRequest[]) => void): Generator<void> {
    const last = lastId(this.#database, 'clients');
    for (let first = 1; first <= last; first += CLIENTS) {
      for (const requests of this.#next.records.byClient(first, first + CLIENTS)) take(requests);
      yield;
    }
  }
}

/** Whether the leases are derived by another configuration, or a product is of another class by the tables of today. */
export function isDerivationDue({ database, settings, catalogue }: State): boolean {
  if (readMeta(database, 'derivation') !== derivationOf(settings)) return true;
  const derived = query(database, 'SELECT activation_id, derived_class FROM products WHERE derived_class IS NOT NULL');
  return derived.all().some(([id, cls]) => catalogue.derivedClass(text(id)) !== text(cls));
}
