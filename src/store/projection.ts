import type { EventRecord } from '../activations/types.ts';
import { foldRequest } from '../leases/fold.ts';
import { mergeIntervals } from '../leases/intervals.ts';
import { compareRecords } from '../leases/order.ts';
import type { Interval, Lease } from '../leases/types.ts';
import { resultOf } from '../products/activation-result.ts';
import type { Home } from './home.ts';
import type { HomeChange } from './homes.ts';
import type { ClientEntry } from './ids.ts';
import type { Contacts, LeaseRow } from './lease-rows.ts';
import { contactsWith, standsFor } from './lease-traits.ts';
import { countFor, inTurnAt } from './rebuild.ts';
import type { StoredRequest } from './records.ts';
import type { State } from './state.ts';

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
 * once, with the counts as they are then: so the result does not hang on the order in which records arrive.
 */
export class Projection {
  readonly #state: State;
  readonly #touched = new Map<string, Touched>();
  readonly #changes = new Map<Home, Map<number, Interval[]>>();
  readonly #machines = new Set<number>();
  readonly #clients = new Map<number, { readonly entry: ClientEntry; readonly clientId: string }>();
  /** Clients whose every record is in this batch. */
  readonly #fresh = new Map<number, ClientEntry>();

  constructor(state: State) {
    this.#state = state;
  }

  /** Enters one record. @returns false when it is known */
  enter(record: EventRecord, hostNo: number, now: number): boolean {
    const { body } = record;
    const state = this.#state;
    if (body.kind !== 'request') {
      const added = state.notices.add(record, hostNo);
      if (added) state.marks.take(hostNo, record, undefined);
      return added;
    }
    const client = state.names.clients.entry(body.clientId, body.machine);
    if (client.fresh) this.#fresh.set(client.no, client);
    if (body.nPolicy > 25) this.#watch(hostNo, body.activationId, body.nPolicy);
    const request = state.records.add(record, body, hostNo, client);
    if (request === undefined) return false;
    state.marks.take(hostNo, record, request.cls);
    this.#enterRequest(request, client, now);
    return true;
  }

  /** Has a lease derived again from its records, of which the database may have an older row or none. */
  recall(client: number, product: number): void {
    const touched = this.#touch(client, product);
    touched.again = true;
    for (const request of this.#state.records.ofClient(client, touched.clientId)) {
      if (request.product !== product) continue;
      touched.arrivals.push(request);
      this.#state.homes.recall(request);
    }
  }

  /** Has the leases folded again that asked a home in an interval. @param n only those of this N-policy */
  touchContacts(home: Home, { from, until }: Interval, n?: number): void {
    for (const [client, product] of this.#state.records.contactsIn(home.hostNo, home.pool, from, until, n)) {
      this.#touch(client, product).again = true;
    }
  }

  /** Has the fates of a machine's leases told again. */
  touchMachine(machine: number): void {
    this.#machines.add(machine);
  }

  /** Folds what was touched; the board is settled by then, the transaction is not. */
  finish(): void {
    for (const [home, byN] of this.#changes) {
      for (const [n, intervals] of byN) {
        for (const interval of mergeIntervals(intervals)) this.touchContacts(home, interval, n);
      }
    }
    for (const touched of this.#touched.values()) this.#fold(touched);
    for (const { entry, clientId } of this.#clients.values()) this.#foldUses(entry, clientId);
    this.#tellFates();
    this.#state.board.settle();
    for (const client of this.#fresh.values()) client.fresh = false;
    for (const set of [this.#touched, this.#changes, this.#machines, this.#clients, this.#fresh]) set.clear();
  }

  #watch(hostNo: number, activationId: string, nPolicy: number): void {
    const { catalogue, homes } = this.#state;
    homes.watch(hostNo, catalogue.classOf(activationId, nPolicy), nPolicy);
  }

  #enterRequest(request: StoredRequest, client: ClientEntry, now: number): void {
    const { homes, lastHour, productUse, counters } = this.#state;
    const { hostNo, product, time, hresult, host, cls } = request;
    const result = resultOf(hresult);
    counters.add(`requests ${host} ${cls} ${result}`, 1);
    lastHour.add(`${hostNo} ${cls} ${result}`, time, now);
    productUse.add(hostNo, product, time, hresult !== 0, now);
    this.#touch(request.client, product, request.clientId).arrivals.push(request);
    if (request.pool !== undefined) {
      for (const change of homes.enter(request, request.pool, client.fresh, now)) this.#note(change);
    }
    if (request.machineNo !== client.machine) this.#rename(request, client);
    else if (client.renamed && client.inTurn === undefined) this.#noteUse(request, client);
  }

  #note({ home, n, interval }: HomeChange): void {
    const byN = this.#changes.get(home) ?? new Map<number, Interval[]>();
    this.#changes.set(home, byN);
    byN.set(n, [...(byN.get(n) ?? []), interval]);
  }

  #rename(request: StoredRequest, client: ClientEntry): void {
    client.machine = request.machineNo;
    client.machineName = request.machine;
    client.renamed = true;
    this.#noteUse(request, client);
  }

  #noteUse(request: StoredRequest, client: ClientEntry): void {
    this.#clients.set(client.no, { entry: client, clientId: request.clientId });
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
    const { client, product, clientId, arrivals } = touched;
    const isNew = this.#fresh.has(client);
    const id = isNew ? 0 : this.#state.columns.find(client, product);
    const before = id === 0 ? undefined : this.#state.leases.get(id, clientId);
    // A lease that was forgotten comes back with its next request only.
    if (before === undefined && arrivals.length === 0) return;
    const sorted = arrivals.length > 1 ? arrivals.toSorted(compareRecords) : arrivals;
    const first = sorted[0];
    const inOrder = before === undefined ? isNew : first !== undefined && compareRecords(before.lease.last, first) < 0;
    const folded =
      inOrder && !touched.again ? this.#onTop(before?.lease, sorted) : this.#fromStart(touched, before?.lease.first);
    if (folded === undefined) return;
    this.#store(
      touched,
      before,
      folded,
      contactsWith(before?.contacts, sorted, (host, pool) => this.#state.homes.at(host, pool).no),
    );
  }

  #onTop(lease: Lease | undefined, requests: readonly StoredRequest[]): Lease | undefined {
    const { leases: settings } = this.#state.settings;
    let folded = lease;
    for (const request of requests) folded = foldRequest(folded, request, countFor(this.#state, request), settings);
    return folded;
  }

  /** @param first of the lease as it was, as the history may not reach back so far any more */
  #fromStart({ client, product, clientId }: Touched, first: number | undefined): Lease | undefined {
    const own = this.#state.records.ofClient(client, clientId).filter((request) => request.product === product);
    const folded = this.#onTop(undefined, own);
    if (folded === undefined || first === undefined || first >= folded.first) return folded;
    return { ...folded, first };
  }

  #store(touched: Touched, before: LeaseRow | undefined, lease: Lease, contacts: Contacts): void {
    const { leases, columns, board, names, strays } = this.#state;
    const { client, product, arrivals } = touched;
    const fate = before?.fate ?? 0;
    const old = before?.lease.last;
    const isSame = old?.machine === lease.last.machine;
    if (before?.id !== undefined) board.takeLease(before.id);
    if (old !== undefined && !isSame) this.#moved(names.machines.no(old.machine));
    this.#moved(names.machines.no(lease.last.machine));
    const id = leases.save({ id: before?.id, client, product, fate, lease, contacts }, !isSame);
    board.takeLease(id);
    columns.put(id, { client, product, lease, fate }, names);
    for (const request of old === undefined ? arrivals : [...arrivals, old]) {
      if (!standsFor(lease, request)) {
        const machine = names.machines.no(request.machine);
        strays.add(machine, client, request);
        this.#machines.add(machine);
      }
    }
  }

  #moved(machine: number): void {
    this.#state.board.takeMachine(machine);
    this.#machines.add(machine);
  }

  /** Only for client ids that were used under several names, and not yet known to be shared. */
  #foldUses(entry: ClientEntry, clientId: string): void {
    const { names, records, duplicates } = this.#state;
    if (entry.inTurn === undefined) {
      entry.inTurn = inTurnAt(records.ofClient(entry.no, clientId));
      if (entry.inTurn !== undefined) duplicates.add(entry.no);
    }
    names.clients.save(entry);
  }

  #tellFates(): void {
    const { fates, leases, columns, board } = this.#state;
    const fateOf = fates.telling();
    for (const id of [...new Set(fates.dependents(this.#machines))]) {
      const fate = fateOf(id);
      if (fate === columns.fate(id)) continue;
      board.takeLease(id);
      board.takeMachine(columns.machine.get(id));
      leases.setFate(id, fate);
      columns.setFate(id, fate);
    }
  }
}
