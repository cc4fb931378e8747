import type { DatabaseSync } from 'node:sqlite';
import { HOUR_S } from '../kernel/time.ts';
import { compareRecords } from '../leases/order.ts';
import { runStartOf } from '../leases/retrying.ts';
import { isSkewed } from '../leases/skew.ts';
import { resultOf } from '../products/activation-result.ts';
import { Board } from './board.ts';
import { Catalogue } from './catalogue.ts';
import { Counters } from './counters.ts';
import { Fates } from './fates.ts';
import { Homes } from './homes.ts';
import { LastHour } from './last-hour.ts';
import { LeaseColumns } from './lease-columns.ts';
import { LeaseRows } from './lease-rows.ts';
import { loadLeases } from './load-leases.ts';
import { Marks } from './marks.ts';
import { type Names, namesOf } from './names.ts';
import { Notices } from './notices.ts';
import { ProductUse } from './product-use.ts';
import { Records, type StoredRequest } from './records.ts';
import { Reports } from './reports.ts';
import { num, type Query, query } from './rows.ts';
import type { StoreSettings } from './settings.ts';
import { Strays } from './strays.ts';
import { WRITE_BEHIND } from './unwritten.ts';

/**
 * All that the writer thread knows: what it holds in memory and the statements with which it reads and writes the rest.
 * After a transaction that failed it is thrown away and made anew from the database.
 */
export class State {
  readonly database: DatabaseSync;
  readonly names: Names;
  readonly catalogue: Catalogue;
  readonly records: Records;
  readonly notices: Notices;
  readonly reports: Reports;
  readonly leases: LeaseRows;
  readonly columns = new LeaseColumns();
  readonly strays: Strays;
  readonly fates: Fates;
  readonly homes: Homes;
  readonly marks: Marks;
  readonly counters: Counters;
  readonly lastHour = new LastHour();
  readonly productUse: ProductUse;
  /** Client ids that machines use in turn. */
  readonly duplicates = new Set<number>();
  readonly board: Board;
  settings: StoreSettings;
  /** Products whose class is written down. */
  readonly #stamped = new Set<number>();
  readonly #stamp: Query;
  /** By host, at the moment that the board counts at. */
  readonly #intervals = new Map<number, number>();

  constructor(database: DatabaseSync, settings: StoreSettings, behind = WRITE_BEHIND) {
    this.database = database;
    this.settings = settings;
    this.names = namesOf(database);
    this.catalogue = new Catalogue(settings);
    this.records = new Records(database, this.names, this.catalogue);
    this.notices = new Notices(database, this.names.hosts);
    this.reports = new Reports(database);
    this.leases = new LeaseRows(database, this.names, behind);
    this.strays = new Strays(database, this.names);
    this.fates = new Fates(database, this.columns, this.leases, this.names.machines, this.strays);
    this.homes = new Homes(database, this.records, settings);
    this.marks = new Marks(database);
    this.counters = new Counters(database);
    this.productUse = new ProductUse(database);
    this.board = new Board(this.columns, this.names.machines, this.#facts(), settings);
    this.#stamp = query(database, 'UPDATE products SET cls = ? WHERE id = ?');
    for (const [id] of query(database, 'SELECT id FROM products WHERE cls IS NOT NULL').all())
      this.#stamped.add(num(id));
    for (const [id] of query(database, 'SELECT id FROM clients WHERE in_turn IS NOT NULL').iterate()) {
      this.duplicates.add(num(id));
    }
  }

  /** Reads into memory what is counted there. @param now seconds since the epoch */
  load(now: number): void {
    loadLeases(this.database, this.columns, this.homes);
    this.#loadLastHour(now);
    this.recount(now);
  }

  /** Counts everything anew at a moment. */
  recount(now: number): void {
    const machines = num(query(this.database, 'SELECT coalesce(max(id), 0) FROM machines').get()?.[0]);
    this.#intervals.clear();
    this.board.configure(this.settings);
    this.board.recount(now, machines + 1);
    this.homes.recount(now);
    this.lastHour.prune(now);
  }

  /** Writes what is written once a transaction. */
  save(): void {
    this.#stampProducts();
    this.leases.unwritten.commit();
    this.homes.save();
    this.marks.save();
    this.counters.save();
    this.productUse.save();
  }

  #stampProducts(): void {
    for (const [no, id] of this.names.products.entries()) {
      if (this.#stamped.has(no)) continue;
      this.#stamp.run(this.catalogue.stampOf(id), no);
      this.#stamped.add(no);
    }
  }

  /** Whether a host tells its clients another interval than its retrying leases were counted with. */
  isIntervalNew(host: number, now: number): boolean {
    return this.#intervalAt(host, now) !== (this.#intervals.get(host) ?? this.settings.leases.activationInterval);
  }

  /** The activation interval that a host told in a fresh report, else the configured one. */
  #intervalAt(host: number, now: number): number {
    const report = this.reports.freshAt(host, now, this.settings.reportStaleAfter);
    return report?.activationInterval ?? this.settings.leases.activationInterval;
  }

  #loadLastHour(now: number): void {
    const rows = query(
      this.database,
      `SELECT time, host, product, n_policy, hresult FROM records INDEXED BY records_key WHERE time > ?`,
    );
    for (const [time, host, product, nPolicy, hresult] of rows.iterate(now - HOUR_S)) {
      const cls = this.catalogue.classOf(this.names.products.name(num(product)), num(nPolicy));
      this.lastHour.add(`${num(host)} ${cls} ${resultOf(num(hresult))}`, num(time), now);
    }
  }

  /** The requests of a lease up to a time, in order: looked up, as that is asked of few. */
  #requestsOf(id: number, until: number): StoredRequest[] {
    const row = this.leases.get(id);
    if (row === undefined) return [];
    const own = this.records.ofClient(row.client, row.lease.clientId);
    return own.filter(({ product, time }) => product === row.product && time <= until);
  }

  #facts() {
    const times = query(this.database, 'SELECT time FROM records WHERE client = ? AND product = ? ORDER BY time DESC');
    return {
      interval: (host: number): number => {
        const known = this.#intervals.get(host) ?? this.#intervalAt(host, this.board.base);
        this.#intervals.set(host, known);
        return known;
      },
      runStart: (id: number, interval: number, runStart: number): number => {
        if (interval === this.settings.leases.activationInterval) return runStart;
        const row = this.leases.get(id);
        if (row === undefined) return runStart;
        return runStartOf(timesOf(times.iterate(row.client, row.product)), interval) ?? runStart;
      },
      lastUntil: (id: number, until: number): number => this.#requestsOf(id, until).at(-1)?.time ?? 0,
      skewedAt: (ids: readonly number[], now: number): number => {
        const requests = ids.flatMap((id) => this.#requestsOf(id, now).slice(-1));
        const newest = requests.sort(compareRecords).at(-1);
        return newest !== undefined && isSkewed(newest, now) ? newest.hostNo : 0;
      },
      isLater: (id: number, than: number): boolean => {
        const a = this.leases.get(id)?.lease.last;
        const b = this.leases.get(than)?.lease.last;
        return a !== undefined && b !== undefined && compareRecords(a, b) > 0;
      },
    };
  }
}

function* timesOf(rows: Iterable<readonly unknown[]>): Iterable<number> {
  for (const [time] of rows) yield Number(time);
}
