import { seconds } from '../../kernel/time.ts';
import { compareRecords } from '../../leases/order.ts';
import { classNo, groupNo } from '../database/numbering.ts';
import type { StoredRequest } from '../history/records.ts';
import { foldClient, foldRequests, isFormer, putLease } from './fold-lease.ts';
import { reportsOf } from './lease-reports.ts';
import type { State } from './state.ts';

/** A lease that records or counts have touched. */
export interface Touched {
  readonly client: number;
  readonly product: number;
  readonly clientId: string;
  /** Of a client id that several machines share. */
  readonly machine: number | undefined;
  /** New requests, in order of arrival. */
  readonly arrivals: StoredRequest[];
  /** All its requests have to be folded again. */
  again: boolean;
}

/** Folds the leases that a batch has touched, each once. */
export class LeaseFolding {
  readonly #state: State;
  /** Machines whose leases may be superseded otherwise than before. */
  readonly #machines: Set<number>;
  #own: { readonly client: number; readonly requests: readonly StoredRequest[] } | undefined;

  constructor(state: State, machines: Set<number>) {
    this.#state = state;
    this.#machines = machines;
  }

  /** Folds what has touched a lease. @param isNew its client id was not known before */
  fold(touched: Touched, isNew: boolean): void {
    const { client, product, machine, arrivals } = touched;
    const { table } = this.#state;
    const id = isNew ? 0 : table.find(client, product, machine);
    // A lease that was forgotten comes back with its next request only.
    if (id === 0 && arrivals.length === 0) return;
    const sorted = arrivals.length > 1 ? arrivals.toSorted(compareRecords) : arrivals;
    const inOrder = !touched.again && (id === 0 ? isNew : this.#isLater(sorted[0], id));
    if (inOrder && !this.#isReported(id, sorted)) this.#foldOn(touched, id, sorted);
    else this.#foldAgain(touched, id);
  }

  /** Whether a request comes after the last one of a lease. */
  #isLater(request: StoredRequest | undefined, id: number): boolean {
    if (request === undefined) return false;
    const { table, records } = this.#state;
    const later = request.time - table.last.get(id);
    return later === 0 ? records.compare(request.no, table.record.get(id)) > 0 : later > 0;
  }

  /** Whether a machine of a lease may have said something of itself after the first of its new requests. */
  #isReported(id: number, requests: readonly StoredRequest[]): boolean {
    const { clientReports, table, names } = this.#state;
    const [first] = requests;
    if (first === undefined) return false;
    if (requests.some(({ machine, activationId, time }) => clientReports.newest(machine, activationId) >= time))
      return true;
    const before = id === 0 ? first.machineNo : table.machine.get(id);
    if (before === first.machineNo || !clientReports.hasAny) return false;
    return clientReports.newest(names.machines.name(before), first.activationId) >= first.time;
  }

  /** Folds a lease again, with what its machines have said. */
  foldReported(id: number): void {
    const { table, names, duplicates } = this.#state;
    const client = table.client.get(id);
    const machine = duplicates.has(client) ? table.machine.get(id) : undefined;
    const touched = { client, product: table.product.get(id), machine, clientId: names.clients.guidOf(client) };
    this.#foldAgain({ ...touched, arrivals: [], again: true }, id);
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
    const { client, clientId, product, machine } = touched;
    // Of a client id that thousands share, all are read once.
    if (this.#own?.client !== client) this.#own = { client, requests: records.ofClient(client, clientId) };
    const own = this.#own.requests.filter(
      (one) => one.product === product && (machine === undefined || one.machineNo === machine),
    );
    const lease = foldRequests(this.#state, undefined, own, reportsOf(this.#state, own));
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
    // A record by itself does not tell which machine an ambiguous name is; its lease does.
    const former = old === undefined ? [] : [{ ...old, machineNo: before }];
    if (before !== 0) this.#machines.add(before);
    this.#machines.add(last.machineNo);
    putLease(this.#state, id, lease, last);
    for (const request of [...arrivals, ...former]) {
      if (!isFormer(request, last)) continue;
      this.#state.former.add(request);
      this.#machines.add(request.machineNo);
    }
  }

  /** Makes the leases of a client id again. @returns its requests */
  foldClient(client: number): readonly StoredRequest[] {
    const { table, rows, former, records, names } = this.#state;
    for (const machine of former.dropClient(client)) this.#machines.add(machine);
    const first = new Map<string, number>();
    for (const id of [...table.ofClient(client)]) {
      this.#machines.add(table.machine.get(id));
      first.set(`${table.product.get(id)} ${table.machine.get(id)}`, table.first.get(id));
      table.remove(id);
      rows.delete(id);
    }
    const requests = records.ofClient(client, names.clients.guidOf(client));
    for (const { machineNo } of requests) this.#machines.add(machineNo);
    foldClient(this.#state, requests, (own) => reportsOf(this.#state, own));
    // The history may not reach back to the first request any more.
    for (const id of table.ofClient(client)) {
      const known = first.get(`${table.product.get(id)} ${table.machine.get(id)}`);
      if (known !== undefined && known < (requests[0]?.time ?? 0)) table.first.put(id, known);
    }
    return requests;
  }
}
