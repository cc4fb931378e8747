import { CensusBook } from '../../leases/census-book.ts';
import type { HostPool } from '../../leases/host-pool.ts';
import { addContact, type Presence } from '../../leases/presence.ts';
import { resultOf } from '../../products/activation-result.ts';
import { classNo, POOLS } from '../database/numbering.ts';
import type { StoredRequest } from '../history/records.ts';
import type { State } from './state.ts';

/** Presences as plain numbers, of a million clients. */
class Stretches {
  readonly #from: number[] = [];
  readonly #until: number[] = [];

  get isEmpty(): boolean {
    return this.#from.length === 0;
  }

  push(presence: Presence): void {
    for (const { from, until } of presence) {
      this.#from.push(from);
      this.#until.push(until);
    }
  }

  /** Takes the last ones away. */
  drop(count: number): void {
    this.#from.length -= count;
    this.#until.length -= count;
  }

  *presences(): Iterable<Presence> {
    for (const [index, from] of this.#from.entries()) yield [{ from, until: this.#until[index] ?? from }];
  }
}

/** The presences at a host pool, and the N-policies asked there. */
interface Drawing {
  readonly nPolicies: Set<number>;
  /** Of clients whose pool is always known. */
  readonly own: Stretches;
  /** Of the others: in this pool, and by products of unknown pool as well. */
  readonly mixed: Stretches;
  readonly wide: Stretches;
  /** Time of the newest contact, and with those of unknown pool. */
  latest: number;
  latestWide: number;
}

/** Draws the census of every host pool from all requests, and notes whatever else the order of requests does not change. */
export class CensusDrawing {
  readonly #state: State;
  readonly #now: number;
  readonly #drawings = new Map<HostPool, Drawing>();

  constructor(state: State, now: number) {
    this.#state = state;
    this.#now = now;
  }

  /** Takes all requests of one client, in order. */
  add(requests: readonly StoredRequest[]): void {
    const presences = new Map<HostPool, Presence>();
    for (const request of requests) this.#addRequest(request, presences);
    for (const [pool, presence] of presences) this.#drawingOf(pool).own.push(presence);
    const { records, pools } = this.#state;
    const strange = requests.filter((request) => request.hresult === 0 && records.isStranger(request));
    for (const host of new Set(strange.map(({ hostNo }) => hostNo))) {
      for (const name of POOLS) this.#addWide(pools.at(host, name), requests, presences);
    }
  }

  finish(): void {
    for (const [pool, { nPolicies, own, mixed, wide, latest, latestWide }] of this.#drawings) {
      for (const n of this.#state.pools.thresholds(pool.pool)) nPolicies.add(n);
      pool.book = CensusBook.of(both(own, mixed), nPolicies, latest === 0 ? undefined : latest);
      if (!wide.isEmpty) pool.wide = CensusBook.of(both(own, wide), nPolicies, Math.max(latest, latestWide));
      pool.changed = true;
    }
  }

  /** A client that asked for products of unknown pool counts in the wide census by these as well. */
  #addWide(pool: HostPool, requests: readonly StoredRequest[], presences: Map<HostPool, Presence>): void {
    const drawing = this.#drawingOf(pool);
    const before = presences.get(pool) ?? [];
    drawing.own.drop(before.length);
    drawing.mixed.push(before);
    let all: Presence = [];
    for (const request of requests) {
      const isWide = request.pool === pool.pool || this.#state.records.isStranger(request);
      if (request.hresult !== 0 || request.hostNo !== pool.hostNo || !isWide) continue;
      all = addContact(all, request.time).presence;
      drawing.latestWide = Math.max(drawing.latestWide, request.time);
    }
    drawing.wide.push(all);
  }

  #addRequest(request: StoredRequest, presences: Map<HostPool, Presence>): void {
    const { pools, logs, productUse, lastHour } = this.#state;
    const { client, hostNo, product, time, hresult, pool: name, cls, nPolicy } = request;
    logs.noteRequest(hostNo, request, this.#now);
    lastHour.add(`${hostNo} ${cls} ${product} ${resultOf(hresult)}`, time, this.#now);
    productUse.add(hostNo, product, time, hresult, classNo(cls), this.#now);
    if (name === undefined) return;
    const pool = pools.at(hostNo, name);
    pool.noteRequest(time);
    if (hresult !== 0) return;
    pool.policies.add(nPolicy, time);
    const drawing = this.#drawingOf(pool);
    drawing.nPolicies.add(nPolicy);
    drawing.latest = Math.max(drawing.latest, time);
    presences.set(pool, addContact(presences.get(pool) ?? [], time).presence);
    pools.contacts.put(client, pool.no, time);
  }

  #drawingOf(pool: HostPool): Drawing {
    const drawing = this.#drawings.get(pool) ?? {
      ...{ nPolicies: new Set<number>(), latest: 0, latestWide: 0 },
      ...{ own: new Stretches(), mixed: new Stretches(), wide: new Stretches() },
    };
    this.#drawings.set(pool, drawing);
    return drawing;
  }
}

function* both(one: Stretches, other: Stretches): Iterable<Presence> {
  yield* one.presences();
  yield* other.presences();
}
