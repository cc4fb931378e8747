import { CensusBook } from '../../leases/census-book.ts';
import type { HostPool } from '../../leases/host-pool.ts';
import { addContact, type Presence } from '../../leases/presence.ts';
import type { Interval } from '../../leases/types.ts';
import { resultOf } from '../../products/activation-result.ts';
import type { StoredRequest } from '../history/records.ts';
import type { State } from './state.ts';

/** The presences at a host pool, and the N-policies asked there. */
interface Drawing {
  readonly nPolicies: Set<number>;
  readonly from: number[];
  readonly until: number[];
  /** Time of the newest contact. */
  latest: number;
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
    for (const [pool, presence] of presences) {
      const { from, until } = this.#drawingOf(pool);
      for (const interval of presence) {
        from.push(interval.from);
        until.push(interval.until);
      }
    }
  }

  finish(): void {
    for (const [pool, { nPolicies, from, until, latest }] of this.#drawings) {
      for (const n of this.#state.pools.thresholds(pool.pool)) nPolicies.add(n);
      pool.book = CensusBook.of(presencesOf(from, until), nPolicies, latest === 0 ? undefined : latest);
    }
  }

  #addRequest(request: StoredRequest, presences: Map<HostPool, Presence>): void {
    const { pools, logs, productUse, lastHour } = this.#state;
    const { client, hostNo, product, time, hresult, pool: name, cls, nPolicy } = request;
    logs.noteRequest(hostNo, time, cls);
    lastHour.add(`${hostNo} ${cls} ${resultOf(hresult)}`, time, this.#now);
    productUse.add(hostNo, product, time, hresult !== 0, this.#now);
    if (name === undefined) return;
    const pool = pools.at(hostNo, name);
    pool.noteRequest(time);
    if (hresult !== 0) return;
    const drawing = this.#drawingOf(pool);
    drawing.nPolicies.add(nPolicy);
    drawing.latest = Math.max(drawing.latest, time);
    presences.set(pool, addContact(presences.get(pool) ?? [], time).presence);
    pools.contacts.put(client, pool.no, time);
  }

  #drawingOf(pool: HostPool): Drawing {
    const drawing = this.#drawings.get(pool) ?? { nPolicies: new Set<number>(), from: [], until: [], latest: 0 };
    this.#drawings.set(pool, drawing);
    return drawing;
  }
}

function* presencesOf(from: readonly number[], until: readonly number[]): Iterable<Interval[]> {
  for (const [index, start] of from.entries()) yield [{ from: start, until: until[index] ?? start }];
}
