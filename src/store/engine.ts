import type { DatabaseSync } from 'node:sqlite';
import type { EventRecord } from '../activations/types.ts';
import { DAY_S } from '../kernel/time.ts';
import type { Aggregates, IngestSource } from './aggregates.ts';
import { Catalogue } from './catalogue.ts';
import { WRITER_CACHE_KIB } from './database.ts';
import { forecast } from './forecast.ts';
import { groom } from './groom.ts';
import { savePlace } from './log-places.ts';
import { Projection } from './projection.ts';
import { Publisher } from './publish.ts';
import type { Forecast } from './queries.ts';
import { rebuild } from './rebuild.ts';
import { num, query, text } from './rows.ts';
import { derivationOf, type StoreSettings } from './settings.ts';
import { State } from './state.ts';
import type { Ingested, LogPlace, ReportedCounts, Retired, Unread } from './store-types.ts';
import { WRITE_BEHIND, type WriteBehind } from './unwritten.ts';

/** Records from one sender. */
export interface Delivery {
  readonly source: IngestSource;
  readonly records: readonly EventRecord[];
  readonly unread: Unread;
  /** Of the log that they were read from. */
  readonly place?: LogPlace | undefined;
}

/**
 * What the writer thread does, one call after the other, each in one transaction. Times are seconds since the epoch.
 * A call that throws has changed nothing on disk; the engine is then to be made anew.
 */
export class Engine {
  readonly #database: DatabaseSync;
  #state: State;
  #projection: Projection;
  #publisher: Publisher;
  readonly #behind: WriteBehind;

  /** Derives the state of leases again when the configuration says that it would be another. */
  constructor(database: DatabaseSync, settings: StoreSettings, now: number, behind = WRITE_BEHIND) {
    this.#database = database;
    this.#behind = behind;
    this.#rebuildWhenDue(settings, now);
    this.#state = loaded(database, settings, now, behind);
    this.#projection = new Projection(this.#state);
    this.#publisher = new Publisher(this.#state);
    this.#recover(now);
  }

  /** Whether readers of the database do not see all leases as they are: `settle` has them written. */
  get isBehind(): boolean {
    return this.#state.leases.unwritten.size > 0;
  }

  settle(): void {
    if (this.isBehind) transaction(this.#database, () => this.#state.leases.unwritten.write());
  }

  /** Derives the leases again that were not written when the last run ended without a word. */
  #recover(now: number): void {
    const { unwritten } = this.#state.leases;
    const listed = unwritten.listed();
    if (listed.length === 0) return;
    transaction(this.#database, () => {
      for (const [client, product] of listed) this.#projection.recall(client, product);
      this.#projection.finish();
      unwritten.write();
      this.#state.save();
    });
    this.#recount(now);
  }

  aggregates(now: number): Aggregates {
    return this.#publisher.picture(now);
  }

  /** Once a minute: what ages is counted at this moment. It also tries whether the disk still takes something. */
  tick(now: number): void {
    transaction(this.#database, () => {
      query(this.#database, "INSERT OR REPLACE INTO meta (name, value) VALUES ('tick', ?)").run(String(now));
    });
    this.#recount(now);
  }

  #recount(now: number): void {
    this.#state.recount(now);
    this.#publisher.refresh();
  }

  configure(settings: StoreSettings, now: number): void {
    if (this.#rebuildWhenDue(settings, now)) {
      this.#renew(settings, now);
      return;
    }
    if (JSON.stringify(settings.products) === JSON.stringify(this.#state.settings.products)) {
      this.#state.settings = settings;
      this.#state.homes.configure(settings);
      this.#recount(now);
      return;
    }
    // Other names for the same classes: nothing is derived, but everything that names products is made anew.
    this.settle();
    this.#renew(settings, now);
  }

  #renew(settings: StoreSettings, now: number): void {
    this.#state = loaded(this.#database, settings, now, this.#behind);
    this.#projection = new Projection(this.#state);
    this.#publisher = new Publisher(this.#state);
  }

  ingest(deliveries: readonly Delivery[], now: number): Ingested[] {
    this.#state.board.now = now;
    return this.#transaction(() => {
      const results = deliveries.map((delivery) => this.#take(delivery, now));
      this.#projection.finish();
      return results;
    });
  }

  /** All of them in one transaction, and so on disk together. */
  takeReports(reported: readonly ReportedCounts[], now: number): readonly undefined[] {
    const { reports, homes, settings, names } = this.#state;
    this.#state.board.now = now;
    this.#transaction(() => {
      for (const report of reported) {
        const host = names.hosts.no(report.host);
        const interval = reports.add(host, report, settings.reportStaleAfter);
        for (const home of homes.all()) if (home.hostNo === host) this.#projection.touchContacts(home, interval);
      }
      this.#projection.finish();
    });
    if (reported.some(({ host }) => this.#state.isIntervalNew(names.hosts.no(host), now))) this.#recount(now);
    return reported.map(() => undefined);
  }

  takeGap(host: string, time: number): void {
    this.#transaction(() => this.#noteGap(host, time));
  }

  /** A log that was read was heard, although there may have been nothing in it. */
  #takePlace(place: LogPlace, now: number): void {
    const { names, marks } = this.#state;
    savePlace(this.#database, place);
    marks.edit(names.hosts.no(place.host)).lastArrival = now;
    if (place.gap !== undefined) this.#noteGap(place.host, place.gap);
  }

  #noteGap(host: string, time: number): void {
    const marks = this.#state.marks.edit(this.#state.names.hosts.no(host));
    marks.gaps = (marks.gaps ?? 0) + 1;
    marks.lastGap = Math.max(marks.lastGap ?? time, time);
  }

  retire(clients: readonly string[], now: number): Retired {
    this.#state.board.now = now;
    return this.#transaction(() => {
      const unknown: string[] = [];
      const retired = clients.flatMap((client) => {
        const name = client.toLowerCase();
        if (this.#hasAsked(name)) return [this.#retireMachine(name, now)];
        unknown.push(client);
        return [];
      });
      this.#projection.finish();
      return { retired: [...new Set(retired)], unknown };
    });
  }

  retireSilent(seconds: number, now: number): Retired {
    this.settle();
    const { fates, names } = this.#state;
    const rows = query(
      this.#database,
      `SELECT DISTINCT m.id, m.name FROM leases l JOIN machines m ON m.id = l.machine WHERE l.last < ? AND l.fate & 2 = 0`,
    );
    const silent = rows
      .all(now - seconds)
      .filter(([id]) => fates.lastOf([num(id), ...names.machines.kin(num(id))]) < now - seconds);
    return this.retire(
      silent.map(([, name]) => text(name)),
      now,
    );
  }

  forecast(days: number, now: number): Forecast {
    return forecast(this.#state, days, now);
  }

  /** Forgets a slice of what is too old. @returns whether there is more */
  groom(now: number): boolean {
    this.#state.board.now = now;
    return this.#transaction(() => groom(this.#state, now));
  }

  #take({ source, records, unread, place }: Delivery, now: number): Ingested {
    const { settings, counters, marks } = this.#state;
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
      if (this.#projection.enter(record, host, now)) accepted++;
    }
    for (const host of hosts) {
      marks.edit(host).lastArrival = now;
      // An old export says nothing of whether the log is being read.
      if (source === 'http') marks.edit(host).lastPush = now;
    }
    if (place !== undefined) this.#takePlace(place, now);
    const duplicate = records.length - accepted - ignored;
    counters.add(`ingest ${source} accepted`, accepted);
    counters.add(`ingest ${source} duplicate`, duplicate);
    counters.add(`ingest ${source} ignored`, ignored + unread.ignored);
    counters.add(`ingest ${source} rejected`, unread.rejected);
    return { accepted, duplicate, ignored };
  }

  #host(name: string): number {
    return this.#state.names.hosts.no(this.#state.settings.aliases[name] ?? name);
  }

  #hasAsked(name: string): boolean {
    const { names, fates } = this.#state;
    return fates.lastOf(names.machines.meaning(name)) > 0;
  }

  /** Marks the very name that was given, heard or not: it may mean several machines, or be meant by several names. */
  #retireMachine(name: string, now: number): string {
    const no = this.#state.names.machines.no(name);
    this.#state.fates.retire(no, now);
    this.#projection.touchMachine(no);
    return name;
  }

  #rebuildWhenDue(settings: StoreSettings, now: number): boolean {
    const wanted = derivationOf(settings);
    const known = query(this.#database, "SELECT value FROM meta WHERE name = 'derivation'").get()?.[0];
    if (known === wanted && !productsChanged(this.#database, settings)) return false;
    transaction(this.#database, () => {
      rebuild(this.#database, settings, now);
      query(this.#database, "INSERT OR REPLACE INTO meta (name, value) VALUES ('derivation', ?)").run(wanted);
    });
    return true;
  }

  #transaction<T>(work: () => T): T {
    const result = transaction(this.#database, () => {
      const value = work();
      this.#state.save();
      return value;
    });
    this.#publisher.changed();
    return result;
  }
}

/** Whether a product that has leases is of another class by the tables of today. */
function productsChanged(database: DatabaseSync, settings: StoreSettings): boolean {
  const catalogue = new Catalogue(settings);
  const stamped = query(database, 'SELECT activation_id, cls FROM products WHERE cls IS NOT NULL').all();
  return stamped.some(([id, cls]) => catalogue.stampOf(text(id)) !== text(cls));
}

/** With a small cache, as everything is read once: memory that was used is seldom given back. */
function loaded(database: DatabaseSync, settings: StoreSettings, now: number, behind: WriteBehind): State {
  database.exec('PRAGMA cache_size = -2000');
  const state = new State(database, settings, behind);
  state.load(now);
  database.exec(`PRAGMA cache_size = -${WRITER_CACHE_KIB}`);
  return state;
}

/** All or nothing: returns only after what was done is on disk (`synchronous = FULL`). */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}
