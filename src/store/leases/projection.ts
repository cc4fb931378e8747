import type { EventRecord } from '../../activations/types.ts';
import { seconds } from '../../kernel/time.ts';
import { foldUse, type IdUse, UNUSED } from '../../leases/duplicates.ts';
import type { HostPool } from '../../leases/host-pool.ts';
import { mergeIntervals } from '../../leases/intervals.ts';
import { compareRecords } from '../../leases/order.ts';
import type { Interval } from '../../leases/types.ts';
import { resultOf } from '../../products/activation-result.ts';
import { classNo, groupNo } from '../history/catalogue.ts';
import type { ClientEntry } from '../history/client-ids.ts';
import type { StoredRequest } from '../history/records.ts';
import { foldRequests, putLease } from './fold-lease.ts';
import type { CensusChanged } from './host-pools.ts';
import type { State } from './state.ts';

/** N-policies up to this one are in every census book (`CensusBook`). */
const ALWAYS_WATCHED = 25;

/** A lease that records or counts have touched. */
interface Touched {
  readonly client: number;
  readonly product: number;
  readonly clientId: string;
  /** New requests, in order of arrival. */
  readonly arrivals: StoredRequest[];
  /** All its requests have to be folded again. */
  again: boolean;
}

/**
 * Takes records into the state of leases. All of a batch are entered first, and each lease that they touch is folded
 * once, with the counts as they are then: so the result does not depend on the order in which records arrive.
 */
export class Projection {
  readonly #state: State;
  readonly #touched = new Map<string, Touched>();
  readonly #changes = new Map<HostPool, Map<number, Interval[]>>();
  readonly #machines = new Set<number>();
  readonly #renamed = new Map<number, { readonly entry: ClientEntry; readonly clientId: string }>();
  /** Clients whose every record is in this batch. */
  readonly #fresh = new Map<number, ClientEntry>();

  constructor(state: State) {
    this.#state = state;
  }

  /** Writes one record down and enters it. @returns false if it is known */
  take(record: EventRecord, hostNo: number, now: number): boolean {
    const { body } = record;
    const { names, catalogue, pools, records, counters, notices, logs } = this.#state;
    if (body.kind !== 'request') {
      const added = notices.add(record, hostNo);
      if (added) logs.noteNotice(hostNo, record.time, body);
      return added;
    }
    const client = names.clients.entry(body.clientId, body.machine);
    if (client.fresh) this.#fresh.set(client.no, client);
    if (body.nPolicy > ALWAYS_WATCHED) {
      pools.watch(hostNo, catalogue.classOf(body.activationId, body.nPolicy), body.nPolicy);
    }
    const request = records.add(record, body, hostNo, client);
    if (request === undefined) return false;
    counters.add(`requests ${request.host} ${request.cls} ${resultOf(request.hresult)}`, 1);
    this.enter(request, client, now);
    return true;
  }

  /** Enters a request that is in the records. */
  enter(request: StoredRequest, client: ClientEntry, now: number): void {
    const { pools, lastHour, productUse, logs } = this.#state;
    const { hostNo, product, time, hresult, cls } = request;
    logs.noteRequest(hostNo, time, cls);
    lastHour.add(`${hostNo} ${cls} ${resultOf(hresult)}`, time, now);
    productUse.add(hostNo, product, time, hresult !== 0, now);
    this.#touch(request.client, product, request.clientId).arrivals.push(request);
    if (request.pool !== undefined) {
      for (const change of pools.enter(request, request.pool, client.fresh, now)) this.#note(change);
    }
    if (request.machineNo !== client.machine) this.#rename(request, client);
    else if (client.renamed && !this.#state.duplicates.has(client.no)) this.#noteUse(request, client);
  }

  /** Has the leases folded again that asked a host and pool in an interval. @param n only those of this N-policy */
  touchContacts(pool: HostPool, { from, until }: Interval, n?: number): void {
    for (const [client, product] of this.#state.records.contactsIn(pool.hostNo, pool.pool, from, until, n)) {
      this.#touch(client, product).again = true;
    }
  }

  /** Has the exclusions of a machine's leases worked out again. */
  touchMachine(machine: number): void {
    this.#machines.add(machine);
  }

  /** Folds all that was touched. */
  finish(): void {
    for (const [pool, byN] of this.#changes) {
      for (const [n, intervals] of byN) {
        for (const interval of mergeIntervals(intervals)) this.touchContacts(pool, interval, n);
      }
    }
    for (const touched of this.#touched.values()) this.#fold(touched);
    for (const { entry, clientId } of this.#renamed.values()) this.#foldUses(entry, clientId);
    this.#exclude();
    for (const client of this.#fresh.values()) client.fresh = false;
    for (const set of [this.#touched, this.#changes, this.#machines, this.#renamed, this.#fresh]) set.clear();
  }

  #note({ pool, n, interval }: CensusChanged): void {
    const byN = this.#changes.get(pool) ?? new Map<number, Interval[]>();
    this.#changes.set(pool, byN);
    byN.set(n, [...(byN.get(n) ?? []), interval]);
  }

  #rename(request: StoredRequest, client: ClientEntry): void {
    client.machine = request.machineNo;
    client.machineName = request.machine;
    client.renamed = true;
    this.#noteUse(request, client);
  }

  #noteUse(request: StoredRequest, client: ClientEntry): void {
    this.#renamed.set(client.no, { entry: client, clientId: request.clientId });
  }

  #touch(client: number, product: number, clientId?: string): Touched {
    const key = `${client} ${product}`;
    const known = this.#touched.get(key);
    if (known !== undefined) return known;
    const id = clientId ?? this.#state.names.clients.guidOf(client);
    const touched = { client, product, clientId: id, arrivals: [], again: false };
    this.#touched.set(key, touched);
    return touched;
  }

  #fold(touched: Touched): void {
    const { client, product, arrivals } = touched;
    const { table } = this.#state;
    const isNew = this.#fresh.has(client);
    const id = isNew ? 0 : table.find(client, product);
    // A lease that was forgotten comes back with its next request only.
    if (id === 0 && arrivals.length === 0) return;
    const sorted = arrivals.length > 1 ? arrivals.toSorted(compareRecords) : arrivals;
    const inOrder = !touched.again && (id === 0 ? isNew : this.#isLater(sorted[0], id));
    if (inOrder) this.#foldOn(touched, id, sorted);
    else this.#foldAgain(touched, id);
  }

  /** Whether a request comes after the last one of a lease. */
  #isLater(request: StoredRequest | undefined, id: number): boolean {
    if (request === undefined) return false;
    const { table, records } = this.#state;
    const later = request.time - table.last.get(id);
    return later === 0 ? records.compare(request.no, table.record.get(id)) > 0 : later > 0;
  }

  #foldOn(touched: Touched, id: number, requests: readonly StoredRequest[]): void {
    const { table, names } = this.#state;
    const [first] = requests;
    // The name of a machine that asks is at hand, and need not be read.
    const nameOf = (no: number) => (no === first?.machineNo ? first.machine : names.machines.name(no));
    const lease = foldRequests(this.#state, id === 0 ? undefined : table.folded(id, nameOf), requests);
    const last = requests.at(-1);
    if (lease !== undefined && last !== undefined) this.#put(touched, id, lease, last);
  }

  #foldAgain(touched: Touched, id: number): void {
    const { records, table } = this.#state;
    const own = records.ofClient(touched.client, touched.clientId).filter(({ product }) => product === touched.product);
    const lease = foldRequests(this.#state, undefined, own);
    const last = own.at(-1);
    if (lease === undefined || last === undefined) return;
    // The history may not reach back to the first request any more.
    const first = id === 0 ? lease.first : Math.min(lease.first, table.first.get(id));
    this.#put(touched, id, { ...lease, first: seconds(first) }, last);
  }

  #put({ arrivals }: Touched, known: number, lease: Parameters<typeof putLease>[2], last: StoredRequest): void {
    const { table, records } = this.#state;
    const id = known === 0 ? table.length : known;
    const before = known === 0 ? 0 : table.machine.get(known);
    const hasMoved = before !== last.machineNo || groupNo(table.cls(known)) !== groupNo(classNo(last.cls));
    const old = known !== 0 && hasMoved ? records.get(table.record.get(known)) : undefined;
    if (before !== 0) this.#machines.add(before);
    this.#machines.add(last.machineNo);
    putLease(this.#state, id, lease, last);
    for (const request of old === undefined ? arrivals : [...arrivals, old]) {
      if (!isFormer(request, last)) continue;
      this.#state.former.add(request);
      this.#machines.add(request.machineNo);
    }
  }

  /** Only for client ids that were used under several names. */
  #foldUses(entry: ClientEntry, clientId: string): void {
    const { names, records, duplicates } = this.#state;
    names.clients.save(entry);
    if (duplicates.has(entry.no)) return;
    const since = sharedSince(records.ofClient(entry.no, clientId));
    if (since !== undefined) duplicates.add(entry.no, since);
  }

  #exclude(): void {
    const { exclusions, table, rows } = this.#state;
    const exclusionOf = exclusions.reckoner();
    for (const id of new Set(exclusions.dependents(this.#machines))) {
      const exclusion = exclusionOf(id);
      if (exclusion === table.exclusion(id)) continue;
      table.setExclusion(id, exclusion);
      rows.touch(id);
    }
  }
}

/** Whether a request of a lease shows something of its machine that the last one of the lease does not. */
export function isFormer(request: StoredRequest, last: StoredRequest): boolean {
  return request.machineNo !== last.machineNo || groupNo(classNo(request.cls)) !== groupNo(classNo(last.cls));
}

/** When a client id was found to be shared by several machines. @param requests all of that client id, in order */
export function sharedSince(requests: readonly StoredRequest[]): number | undefined {
  if (requests.every(({ machineNo }) => machineNo === requests[0]?.machineNo)) return undefined;
  return requests.reduce<IdUse>((use, { time, machine }) => foldUse(use, time, machine), UNUSED).inTurn;
}
