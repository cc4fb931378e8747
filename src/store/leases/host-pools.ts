import type { DatabaseSync } from 'node:sqlite';
import type { CensusBook, CensusChange } from '../../leases/census-book.ts';
import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import { HostPool } from '../../leases/host-pool.ts';
import { LastContacts } from '../../leases/last-contacts.ts';
import { addContact, type Presence } from '../../leases/presence.ts';
import type { Interval, LeaseClass, Pool } from '../../leases/types.ts';
import { poolOf } from '../../products/product.ts';
import { POOLS } from '../database/numbering.ts';
import { num, type Query, query, text } from '../database/rows.ts';
import type { Records, StoredRequest } from '../history/records.ts';
import type { StoreSettings } from '../settings.ts';

/** Requests in the interval, of this N-policy or of any, may have another answer now. */
export interface CensusChanged {
  readonly pool: HostPool;
  readonly n: number | undefined;
  readonly interval: Interval;
}

/** All hosts and pools that were ever asked. */
export class HostPools {
  readonly contacts = new LastContacts();
  readonly #records: Records;
  readonly #pools = new Map<number, HostPool>();
  readonly #byHost = new Map<string, HostPool>();
  readonly #put: Query;
  #end = 1;
  #settings: StoreSettings;

  /** @param isEmpty begins with none, whatever is stored */
  constructor(database: DatabaseSync, records: Records, settings: StoreSettings, isEmpty = false) {
    this.#records = records;
    this.#settings = settings;
    this.#put = query(database, 'INSERT OR REPLACE INTO host_pools (id, host, pool, state) VALUES (?, ?, ?, ?)');
    const stored = isEmpty ? [] : query(database, 'SELECT id, host, pool, state FROM host_pools').all();
    for (const [id, host, pool, state] of stored) {
      this.#add(new HostPool(num(id), num(host), POOLS[num(pool)] ?? 'windows', JSON.parse(text(state))));
    }
    this.configure(settings);
  }

  configure(settings: StoreSettings): void {
    this.#settings = settings;
    for (const pool of this.all()) {
      for (const n of this.thresholds(pool.pool)) pool.book.watch(n, () => this.#presences(pool));
    }
  }

  /** The thresholds of the classes in a pool. */
  thresholds(pool: Pool): readonly number[] {
    const { client, server, office } = this.#settings.thresholds;
    return pool === 'office' ? [office] : [client, server];
  }

  all(): Iterable<HostPool> {
    return this.#pools.values();
  }

  get(no: number): HostPool | undefined {
    return this.#pools.get(no);
  }

  find(hostNo: number, pool: Pool): HostPool | undefined {
    return this.#byHost.get(`${hostNo} ${pool}`);
  }

  at(hostNo: number, pool: Pool): HostPool {
    return this.#byHost.get(`${hostNo} ${pool}`) ?? this.#create(hostNo, pool);
  }

  /** To be called before the first request with an N-policy above 25 is added. */
  watch(hostNo: number, cls: LeaseClass, nPolicy: number): void {
    const pool = poolOf(cls);
    if (pool === undefined) return;
    const watched = this.at(hostNo, pool);
    watched.book.watch(nPolicy, () => this.#presences(watched));
    watched.wide?.watch(nPolicy, () => this.#presences(watched, true));
  }

  /** Takes a request that was just added to the records. @param isFresh its client was unknown before this batch */
  enter(request: StoredRequest, name: Pool, isFresh: boolean, now: number): CensusChanged[] {
    const pool = this.at(request.hostNo, name);
    pool.noteRequest(request.time);
    if (request.hresult !== 0) return [];
    pool.policies.add(request.nPolicy, request.time);
    pool.book.watch(request.nPolicy, () => []);
    const { changes } = pool.book.enter(this.#presenceAround(request, pool, isFresh, now), request.time);
    const wider = this.#enterWide(pool.wide, request, pool);
    this.contacts.put(request.client, pool.no, request.time);
    return [...changes, ...wider].map((change) => ({ pool, ...change }));
  }

  /** Takes an answered request for a product of unknown pool: it may count in either. */
  enterStranger(request: StoredRequest): CensusChanged[] {
    return POOLS.flatMap((name) => {
      const pool = this.at(request.hostNo, name);
      return this.#enterWide(pool.openWide(), request, pool).map((change) => ({ pool, ...change }));
    });
  }

  /** The requests that may have another answer if whether the log spans has changed for an interval: those of a short census. */
  shortIn(hostNo: number, { from, until }: Interval): CensusChanged[] {
    const found: CensusChanged[] = [];
    for (const name of POOLS) {
      const pool = this.#byHost.get(`${hostNo} ${name}`);
      for (const n of pool?.book.watched ?? []) {
        for (const short of pool?.book.shortIntervals(n) ?? []) {
          const interval = { from: Math.max(from, short.from), until: Math.min(until, short.until) };
          if (pool !== undefined && interval.from < interval.until) found.push({ pool, n, interval });
        }
      }
    }
    return found;
  }

  /** All pools of a host. */
  ofHost(hostNo: number): HostPool[] {
    return POOLS.flatMap((name) => this.#byHost.get(`${hostNo} ${name}`) ?? []);
  }

  #enterWide(wide: CensusBook | undefined, request: StoredRequest, { pool }: HostPool): CensusChange[] {
    if (wide === undefined) return [];
    wide.watch(request.nPolicy, () => []);
    const { before, after } = this.#records.contacts.around(request, [pool, undefined]);
    const presence = [before, after].filter((time) => time !== undefined).map(countedFrom);
    return [...wide.enter(presence, request.time).changes];
  }

  /** Forgets the activity that no gap of the window can touch. */
  prune(now: number): void {
    for (const { activity } of this.all()) activity.prune(now);
  }

  save(): void {
    for (const pool of this.all()) {
      if (!pool.changed) continue;
      this.#put.run(pool.no, pool.hostNo, POOLS.indexOf(pool.pool), JSON.stringify(pool.state));
      pool.changed = false;
    }
  }

  /**
   * A client's presence near a contact, which is all that the book looks at: its contacts next to it. The last contact
   * is in memory, so that records in order need no reading; that of a lease that is forgotten may not be.
   */
  #presenceAround(request: StoredRequest, pool: HostPool, isFresh: boolean, now: number): Interval[] {
    const last = this.contacts.last(request.client, pool.no);
    if (last === undefined && isFresh) return [];
    const isLast = last !== undefined && request.time >= last;
    if (isLast && request.time >= now - this.#settings.leases.forgetAfter) return [countedFrom(last)];
    const { before, after } = this.#records.contacts.around(request, [pool.pool]);
    return [before, after].filter((time) => time !== undefined).map(countedFrom);
  }

  *#presences(pool: HostPool, isWide = false): Iterable<Presence> {
    for (const requests of this.#records.byClient()) {
      const contacts = requests.filter(
        (one) =>
          one.hresult === 0 &&
          one.hostNo === pool.hostNo &&
          (one.pool === pool.pool || (isWide && this.#records.isStranger(one))),
      );
      yield contacts.reduce<Presence>((presence, { time }) => addContact(presence, time).presence, []);
    }
  }

  #create(hostNo: number, name: Pool): HostPool {
    const pool = new HostPool(this.#end, hostNo, name);
    pool.changed = true;
    this.#add(pool);
    for (const n of this.thresholds(name)) pool.book.watch(n, () => []);
    return pool;
  }

  #add(pool: HostPool): void {
    this.#end = Math.max(this.#end, pool.no + 1);
    this.#pools.set(pool.no, pool);
    this.#byHost.set(`${pool.hostNo} ${pool.pool}`, pool);
  }
}

/** The time for which a host counts a client for one contact. */
function countedFrom(time: number): Interval {
  return { from: time, until: time + CENSUS_WINDOW };
}
