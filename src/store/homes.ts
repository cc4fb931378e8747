import type { DatabaseSync } from 'node:sqlite';
import { CENSUS_WINDOW } from '../leases/census-window.ts';
import type { Presence } from '../leases/presence.ts';
import type { Interval, LeaseClass, Pool } from '../leases/types.ts';
import { poolOf } from '../products/product.ts';
import { POOLS } from './catalogue.ts';
import { ContactCells } from './contact-cells.ts';
import { Home, type HomeState } from './home.ts';
import { presencesAt } from './presences.ts';
import type { Records, StoredRequest } from './records.ts';
import { num, type Query, query, text } from './rows.ts';
import type { StoreSettings } from './settings.ts';

/** Requests of this N-policy in the interval may have another answer now. */
export interface HomeChange {
  readonly home: Home;
  readonly n: number;
  readonly interval: Interval;
}

/** All hosts and pools that were ever asked. */
export class Homes {
  readonly cells = new ContactCells();
  readonly #records: Records;
  readonly #homes = new Map<number, Home>();
  readonly #byPlace = new Map<string, Home>();
  readonly #insert: Query;
  readonly #update: Query;
  #settings: StoreSettings;

  constructor(database: DatabaseSync, records: Records, settings: StoreSettings) {
    this.#records = records;
    this.#settings = settings;
    this.#insert = query(database, 'INSERT INTO homes (host, pool, state) VALUES (?, ?, ?)');
    this.#update = query(database, 'UPDATE homes SET state = ? WHERE id = ?');
    for (const [id, host, pool, state] of query(database, 'SELECT id, host, pool, state FROM homes').all()) {
      this.#put(
        new Home(num(id), num(host), POOLS[num(pool)] ?? 'windows', JSON.parse(text(state)) satisfies HomeState),
      );
    }
    this.configure(settings);
  }

  configure(settings: StoreSettings): void {
    this.#settings = settings;
    for (const home of this.all()) {
      for (const n of this.thresholds(home.pool)) home.book.watch(n, () => this.#presences(home));
    }
  }

  /** The thresholds of the classes in a pool. */
  thresholds(pool: Pool): readonly number[] {
    const { client, server, office } = this.#settings.thresholds;
    return pool === 'office' ? [office] : [client, server];
  }

  all(): Iterable<Home> {
    return this.#homes.values();
  }

  get(no: number): Home | undefined {
    return this.#homes.get(no);
  }

  at(hostNo: number, pool: Pool): Home {
    return this.#byPlace.get(`${hostNo} ${pool}`) ?? this.#create(hostNo, pool);
  }

  /** To be called before the first request with an N-policy above 25 is added. */
  watch(hostNo: number, cls: LeaseClass, nPolicy: number): void {
    const pool = poolOf(cls);
    if (pool === undefined) return;
    const home = this.at(hostNo, pool);
    home.book.watch(nPolicy, () => this.#presences(home));
  }

  /** Takes a request that was just added to the records. @param isFresh nothing of its client was known before this batch */
  enter(request: StoredRequest, pool: Pool, isFresh: boolean, now: number): HomeChange[] {
    const home = this.at(request.hostNo, pool);
    home.changed = true;
    home.activity.add(request.time);
    home.lastRequest = Math.max(home.lastRequest, request.time);
    if (request.hresult !== 0) return [];
    home.book.watch(request.nPolicy, () => []);
    const changes = home.book.enter(this.#presenceAround(request, home, isFresh, now), request.time).changes;
    const before = this.cells.put(request.client, home.no, request.time);
    home.count(request.client, before, request.time, now);
    return changes.map((change) => ({ home, ...change }));
  }

  /** Takes a request that was entered before the last start; `recount` counts it. */
  recall({ client, hostNo, pool, hresult, time }: StoredRequest): void {
    if (pool !== undefined && hresult === 0) this.cells.put(client, this.at(hostNo, pool).no, time);
  }

  /** Takes the last contacts as they are stored; `recount` counts them. */
  load(client: number, contacts: Iterable<readonly [number, number]>): void {
    for (const [home, time] of contacts) this.cells.put(client, home, time);
  }

  recount(now: number): void {
    const { client, server, office } = this.#settings.thresholds;
    for (const home of this.all()) {
      home.recount(now, Math.max(client, server, office));
      home.activity.prune(now);
    }
    this.cells.forEach((no, id, last) => {
      this.#homes.get(no)?.tell(id, last, now);
    });
    for (const home of this.all()) home.recounted();
  }

  save(): void {
    for (const home of this.all()) {
      if (home.changed) this.#update.run(JSON.stringify(home.state), home.no);
      home.changed = false;
    }
  }

  /**
   * A client's presence near a contact, which is all that the book looks at: its contacts next to it. The last contact
   * is in memory, so that records in order need no reading; that of a lease that is forgotten may not be.
   */
  #presenceAround(request: StoredRequest, home: Home, isFresh: boolean, now: number): Interval[] {
    const last = this.cells.last(request.client, home.no);
    if (last === undefined && isFresh) return [];
    const isLast = last !== undefined && request.time >= last;
    if (isLast && request.time >= now - this.#settings.leases.forgetAfter) return [countedFrom(last)];
    const { before, after } = this.#records.contactsAround(request);
    return [before, after].filter((time) => time !== undefined).map(countedFrom);
  }

  *#presences(home: Home): Iterable<Presence> {
    for (const requests of this.#records.byClient()) {
      yield* presencesAt(requests, home.hostNo, home.pool);
    }
  }

  #create(hostNo: number, pool: Pool): Home {
    const no = this.#insert.insert(hostNo, POOLS.indexOf(pool), '{}');
    const home = new Home(no, hostNo, pool);
    home.changed = true;
    this.#put(home);
    for (const n of this.thresholds(pool)) home.book.watch(n, () => []);
    return home;
  }

  #put(home: Home): void {
    this.#homes.set(home.no, home);
    this.#byPlace.set(`${home.hostNo} ${home.pool}`, home);
  }
}

/** When a host counts a client for one contact. */
function countedFrom(time: number): Interval {
  return { from: time, until: time + CENSUS_WINDOW };
}
