import type { DatabaseSync } from 'node:sqlite';
import type { EventRecord } from '../../activations/types.ts';
import { DAY_S, type Seconds, seconds } from '../../kernel/time.ts';
import type { Aggregates, IngestSource } from '../aggregates.ts';
import { Counted } from '../counting/counted.ts';
import { forecast } from '../counting/forecast.ts';
import { overview } from '../counting/overview.ts';
import { WRITER_CACHE_KIB } from '../database/database.ts';
import { readMeta, writeMeta } from '../database/meta.ts';
import { query, text } from '../database/rows.ts';
import { transaction } from '../database/transaction.ts';
import { saveBookmark } from '../history/log-bookmarks.ts';
import { groom } from '../leases/groom.ts';
import { ROW_LIMITS } from '../leases/lease-rows.ts';
import { Projection } from '../leases/projection.ts';
import { Rederivation } from '../leases/rederivation.ts';
import { retire, retireSilent } from '../leases/retire.ts';
import { historyOf, State } from '../leases/state.ts';
import type { Forecast, LeaseOverview } from '../queries.ts';
import { derivationOf, type StoreSettings } from '../settings.ts';
import type { Ingested, LogBookmark, ReportedCounts, Retired, Unread } from '../store-types.ts';

const DERIVED_AT_ONCE_MS = 50;

/** Records from one sender. */
export interface Delivery {
  readonly source: IngestSource;
  readonly records: readonly EventRecord[];
  readonly unread: Unread;
  /** Of the log that they were read from. */
  readonly bookmark?: LogBookmark | undefined;
}

/**
 * The work of the writer thread, one call after the other, each in one transaction. Times are seconds since the epoch.
 * A call that throws has changed nothing on disk; the engine is then to be made again.
 */
export class Engine {
  readonly #database: DatabaseSync;
  #state: State;
  #projection: Projection;
  #derivation: Rederivation | undefined;
  #counted: Counted;

  /** Begins to derive the leases again if the configuration says that they would be others. */
  constructor(database: DatabaseSync, settings: StoreSettings, now: Seconds, limits = ROW_LIMITS) {
    this.#database = database;
    // With a small cache, as everything is read once: memory that was used is seldom given back.
    database.exec('PRAGMA cache_size = -2000');
    this.#state = new State(database, historyOf(database), settings, { limits });
    this.#state.load(now);
    database.exec(`PRAGMA cache_size = -${WRITER_CACHE_KIB}`);
    this.#projection = new Projection(this.#state);
    this.#counted = new Counted(this.#state);
    this.#deriveIfDue(now);
  }

  /** Changes with every call that may change what is counted. */
  get version(): number {
    return this.#counted.version;
  }

  /** Whether rows wait to be merged into the table of leases. */
  get hasRowsToMerge(): boolean {
    return this.#state.rows.hasWaiting;
  }

  mergeRows(): void {
    transaction(this.#database, () => this.#state.rows.merge());
  }

  /** Whether the leases are being derived again: `derive` then has work. */
  get isDeriving(): boolean {
    return this.#derivation !== undefined;
  }

  /** Derives for a while, for which senders wait. @returns whether there is more to do */
  derive(milliseconds = DERIVED_AT_ONCE_MS): boolean {
    if (this.#derivation?.step(milliseconds) === true) return true;
    if (this.#derivation !== undefined) this.#use(this.#derivation.next);
    this.#derivation = undefined;
    return false;
  }

  /** The numbers behind `/metrics`; of the same version and minute it is the same answer. */
  aggregates(now: Seconds): Aggregates {
    return this.#counted.aggregates(now);
  }

  /** Once a minute: tries whether the disk still takes something, and forgets what is not counted any more. */
  tick(now: Seconds): void {
    transaction(this.#database, () => writeMeta(this.#database, 'tick', String(now)));
    this.#state.prune(now);
  }

  /** @returns whether the leases have to be derived again, which then begins */
  configure(settings: StoreSettings, now: Seconds): boolean {
    this.#state.configure(settings);
    this.#counted.changed();
    return this.#deriveIfDue(now);
  }

  ingest(deliveries: readonly Delivery[], now: Seconds): Ingested[] {
    return this.#change(() => deliveries.map((delivery) => this.#take(delivery, now)));
  }

  /** All of them in one transaction, and so on disk together. */
  takeReports(reported: readonly ReportedCounts[]): readonly undefined[] {
    const { reports, settings, names } = this.#state;
    return this.#change(() =>
      reported.map((report) => {
        const host = names.hosts.no(report.host);
        const interval = reports.add(host, report, settings.reportStaleAfter);
        this.#do((projection, { pools }) => {
          for (const pool of pools.all()) if (pool.hostNo === host) projection.touchContacts(pool, interval);
        });
        return undefined;
      }),
    );
  }

  takeGap(host: string, time: Seconds): void {
    this.#change(() => this.#noteGap(host, time));
  }

  retire(clients: readonly string[], now: Seconds): Retired {
    return this.#change(() => retire(this.#state, clients, (machine) => this.#retireMachine(machine, now)));
  }

  retireSilent(seconds: number, now: Seconds): Retired {
    return this.retire(retireSilent(this.#state, now - seconds), now);
  }

  forecast(days: number, now: Seconds): Forecast {
    return forecast(this.#state, days, now);
  }

  overview(days: number, now: Seconds): LeaseOverview {
    return overview(this.#state, days, now);
  }

  /** Forgets a slice of what is too old. @returns whether there is more */
  groom(now: Seconds): boolean {
    if (this.#derivation !== undefined) return false;
    return this.#change(() => groom(this.#state, now));
  }

  #take({ source, records, unread, bookmark }: Delivery, now: Seconds): Ingested {
    const { settings, counters, logs } = this.#state;
    let accepted = 0;
    let ignored = 0;
    const hosts = new Set<number>();
    for (const record of records) {
      if (record.time < now - settings.history || record.time > now + DAY_S) {
        ignored++;
        continue;
      }
      const host = this.#host(record.host);
      hosts.add(host);
      if (this.#takeRecord(record, host, now)) accepted++;
    }
    for (const host of hosts) {
      logs.edit(host).lastArrival = now;
      // An old export says nothing of whether the log is being read.
      if (source === 'http') logs.edit(host).lastPush = now;
    }
    if (bookmark !== undefined) this.#takeBookmark(bookmark, now);
    const duplicate = records.length - accepted - ignored;
    counters.add(`ingest ${source} accepted`, accepted);
    counters.add(`ingest ${source} duplicate`, duplicate);
    counters.add(`ingest ${source} ignored`, ignored + unread.ignored);
    counters.add(`ingest ${source} rejected`, unread.rejected);
    return { accepted, duplicate, ignored };
  }

  #takeRecord(record: EventRecord, host: number, now: Seconds): boolean {
    const { body, time } = record;
    const added = this.#projection.take(record, host, now);
    // Requests are found again by their numbers, notices are not.
    if (added && body.kind !== 'request') this.#derivation?.note((_, { logs }) => logs.noteNotice(host, time, body));
    return added;
  }

  /** A log that was read was heard from, although there may have been nothing in it. */
  #takeBookmark(bookmark: LogBookmark, now: Seconds): void {
    const { names, logs } = this.#state;
    saveBookmark(this.#database, bookmark);
    logs.edit(names.hosts.no(bookmark.host)).lastArrival = now;
    if (bookmark.gap !== undefined) this.#noteGap(bookmark.host, bookmark.gap);
  }

  #noteGap(host: string, time: Seconds): void {
    const status = this.#state.logs.edit(this.#state.names.hosts.no(host));
    status.gaps = (status.gaps ?? 0) + 1;
    status.lastGap = seconds(Math.max(status.lastGap ?? time, time));
  }

  #host(name: string): number {
    return this.#state.names.hosts.no(this.#state.settings.aliases[name] ?? name);
  }

  #retireMachine(machine: number, now: Seconds): void {
    this.#state.exclusions.retire(machine, now);
    this.#do((projection, { exclusions }) => {
      exclusions.noteRetired(machine, now);
      projection.touchMachine(machine);
    });
  }

  /** To the projection in use, and later to the one that is being derived. */
  #do(change: (projection: Projection, state: State) => void): void {
    change(this.#projection, this.#state);
    this.#derivation?.note(change);
  }

  #deriveIfDue(now: Seconds): boolean {
    const { settings, records } = this.#state;
    // One that had not begun by a configuration of a moment ago.
    this.#derivation = undefined;
    if (!isDue(this.#state)) return false;
    this.#derivation = new Rederivation(this.#state, settings, now);
    // Nothing waits for a derivation of nothing.
    if (records.last() === 0) while (this.derive());
    return this.isDeriving;
  }

  #use(state: State): void {
    this.#state = state;
    this.#projection = new Projection(state);
    this.#counted = this.#counted.of(state);
  }

  #change<T>(work: () => T): T {
    const result = transaction(this.#database, () => {
      const value = work();
      this.#projection.finish();
      this.#state.save();
      return value;
    });
    this.#counted.changed();
    return result;
  }
}

/** Whether the leases are derived by another configuration, or a product is of another class by the tables of today. */
function isDue({ database, settings, catalogue }: State): boolean {
  if (readMeta(database, 'derivation') !== derivationOf(settings)) return true;
  const derived = query(database, 'SELECT activation_id, derived_class FROM products WHERE derived_class IS NOT NULL');
  return derived.all().some(([id, cls]) => catalogue.derivedClass(text(id)) !== text(cls));
}
