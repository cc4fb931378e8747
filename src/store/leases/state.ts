import type { DatabaseSync } from 'node:sqlite';
import { HOUR_S, type Seconds } from '../../kernel/time.ts';
import { ephemeralNames } from '../../leases/duplicates.ts';
import { LastHour } from '../../leases/last-hour.ts';
import type { Pool } from '../../leases/types.ts';
import { resultOf } from '../../products/activation-result.ts';
import { ProductCatalogue } from '../../products/product-catalogue.ts';
import { num, type Query, query } from '../database/rows.ts';
import { ClientRecords } from '../history/client-records.ts';
import { Counters } from '../history/counters.ts';
import { type Names, namesOf } from '../history/names.ts';
import { Notices } from '../history/notices.ts';
import { readOfficeProducts } from '../history/office-products.ts';
import { Records } from '../history/records.ts';
import { Reports } from '../history/reports.ts';
import { ClientReports } from '../inventory/client-reports.ts';
import type { StoreSettings } from '../settings.ts';
import { Duplicates } from './duplicates.ts';
import { Exclusions } from './exclusions.ts';
import { FormerRequests } from './former-requests.ts';
import { HostLogs } from './host-log-status.ts';
import { HostPools } from './host-pools.ts';
import { LeaseRows, ROW_LIMITS } from './lease-rows.ts';
import { LeaseTable } from './lease-table.ts';
import { loadLeases } from './load-leases.ts';
import { StoredPoolHistory } from './pool-history.ts';
import { ProductUse } from './product-use.ts';

/** The part of the state that is the same for every derivation. */
export interface History {
  readonly names: Names;
  readonly notices: Notices;
  readonly reports: Reports;
  readonly counters: Counters;
  readonly clientReports: ClientReports;
  readonly clientRecords: ClientRecords;
}

export function historyOf(database: DatabaseSync): History {
  const names = namesOf(database);
  const notices = new Notices(database, names.hosts);
  const clientReports = new ClientReports(database, names.machines);
  const clientRecords = new ClientRecords(database);
  const [reports, counters] = [new Reports(database), new Counters(database)];
  return { names, notices, reports, counters, clientReports, clientRecords };
}

/**
 * The projection of the history: what the writer thread holds in memory, and the statements with which it reads and
 * writes the rest. After a transaction that failed it is thrown away and made again from the database.
 */
export class State implements History {
  readonly database: DatabaseSync;
  readonly names: Names;
  readonly notices: Notices;
  readonly reports: Reports;
  readonly counters: Counters;
  readonly clientReports: ClientReports;
  readonly clientRecords: ClientRecords;
  readonly catalogue: ProductCatalogue;
  readonly records: Records;
  readonly table = new LeaseTable();
  readonly former: FormerRequests;
  readonly exclusions: Exclusions;
  readonly pools: HostPools;
  readonly logs: HostLogs;
  readonly lastHour = new LastHour();
  readonly productUse: ProductUse;
  readonly duplicates: Duplicates;
  settings: StoreSettings;
  /** Whether a name is that of a non-persistent desktop. */
  isEphemeral: (machine: string) => boolean;
  rows: LeaseRows;
  /** Products whose class is written down. */
  readonly #classified = new Set<number>();
  readonly #histories = new Map<number, StoredPoolHistory>();
  readonly #classify: Query;

  /** @param isEmpty begins with nothing, whatever is stored: it is about to be derived */
  constructor(
    database: DatabaseSync,
    history: History,
    settings: StoreSettings,
    { isEmpty = false, limits = ROW_LIMITS } = {},
  ) {
    this.database = database;
    this.names = history.names;
    this.notices = history.notices;
    this.reports = history.reports;
    this.counters = history.counters;
    this.clientReports = history.clientReports;
    this.clientRecords = history.clientRecords;
    this.settings = settings;
    this.isEphemeral = ephemeralNames(settings.leases.ephemeral);
    this.catalogue = new ProductCatalogue(settings);
    this.records = new Records(database, this.names, this.catalogue);
    this.former = new FormerRequests(database, this.records, isEmpty);
    this.exclusions = new Exclusions(database, this.table, this.names.machines, this.former, this.records);
    this.pools = new HostPools(database, this.records, settings, isEmpty);
    this.logs = new HostLogs(database, isEmpty);
    this.productUse = new ProductUse(database, isEmpty);
    this.duplicates = new Duplicates(database, isEmpty);
    this.rows = new LeaseRows(database, this.table, this.pools.contacts, limits);
    this.#classify = query(database, 'UPDATE products SET derived_class = ? WHERE id = ?');
    if (isEmpty) return;
    this.catalogue.inferOffice(readOfficeProducts(database));
    const classified = query(database, 'SELECT id FROM products WHERE derived_class IS NOT NULL').all();
    for (const [id] of classified) this.#classified.add(num(id));
  }

  /** Reads the leases and the requests of the last hour into memory. @param now seconds since the epoch */
  load(now: Seconds): void {
    loadLeases(this.database, this.table, this.pools.contacts);
    const rows = query(
      this.database,
      'SELECT time, host, product, n_policy, hresult FROM records INDEXED BY records_key WHERE time > ?',
    );
    for (const [time, host, product, nPolicy, hresult] of rows.iterate(now - HOUR_S)) {
      const cls = this.catalogue.classOf(this.names.products.name(num(product)), num(nPolicy));
      this.lastHour.add(`${num(host)} ${cls} ${num(product)} ${resultOf(num(hresult))}`, num(time), now);
    }
  }

  configure(settings: StoreSettings): void {
    this.settings = settings;
    this.isEphemeral = ephemeralNames(settings.leases.ephemeral);
    this.#histories.clear();
    this.catalogue.configure(settings);
    this.pools.configure(settings);
  }

  /** The state of a host and one of its pools at any time. */
  historyOf(hostNo: number, name: Pool): StoredPoolHistory {
    const pool = this.pools.at(hostNo, name);
    const history =
      this.#histories.get(pool.no) ??
      new StoredPoolHistory(pool, {
        ...{ reports: this.reports, contacts: this.records.contacts, staleAfter: this.settings.reportStaleAfter },
        logOf: (host) => this.logs.of(host),
        askedOf: (host) => this.logs.asked(host),
        productOf: (product) => this.names.products.name(product),
      });
    this.#histories.set(pool.no, history);
    return history;
  }

  /** Whether rows wait in small tables to be merged into large ones. */
  get hasRowsToMerge(): boolean {
    return this.rows.hasWaiting || this.clientRecords.waiting > 0;
  }

  mergeRows(): void {
    if (this.rows.hasWaiting) this.rows.merge();
    if (this.clientRecords.waiting > 0) this.clientRecords.merge();
  }

  /** Writes what is written once a transaction. */
  save(): void {
    this.#classifyProducts();
    this.rows.save();
    if (this.clientRecords.waiting > this.rows.limits.most) this.clientRecords.merge();
    this.former.save();
    this.duplicates.save();
    this.pools.save();
    this.logs.save();
    this.counters.save();
    this.productUse.save();
  }

  /** Writes down the class by which the leases of each product were derived. */
  #classifyProducts(): void {
    for (const [no, id] of this.names.products.entries()) {
      if (this.#classified.has(no)) continue;
      this.#classify.run(this.catalogue.derivedClass(id), no);
      this.#classified.add(no);
    }
  }

  /** Forgets what has become too old to be counted. */
  prune(now: Seconds): void {
    this.pools.prune(now);
    this.lastHour.prune(now);
  }

  /** The number of the host behind the number of a name, by the aliases of today. */
  hostOf(no: number): number {
    const name = this.names.hosts.name(no);
    const one = this.settings.aliases[name];
    return one === undefined ? no : (this.names.hosts.find(one) ?? no);
  }

  /** The activation interval that a host said in a fresh report, else the configured one. Seconds. */
  activationInterval(host: number, now: Seconds): number {
    const report = this.reports.freshAt(host, now, this.settings.reportStaleAfter);
    return report?.activationInterval ?? this.settings.leases.activationInterval;
  }
}
