/**
 * The functions of src/leases put together in memory, as a store does it on disk. Records and reports arrive one by
 * one, in any order, and only the values that depend on them are derived again.
 */
import { CensusBook } from '../../src/leases/census-book.ts';
import { foldUse, type IdUse, UNUSED } from '../../src/leases/duplicates.ts';
import { foldRequest } from '../../src/leases/fold.ts';
import { sameMachine } from '../../src/leases/machines.ts';
import { compareRecords } from '../../src/leases/order.ts';
import type { Presence } from '../../src/leases/presence.ts';
import { bestCount, type ReportedCount, reportHolds } from '../../src/leases/reported.ts';
import { supersessionGroup } from '../../src/leases/superseded.ts';
import type { Interval, Lease, LeaseClass, LeaseRequest, Pool } from '../../src/leases/types.ts';
import type { ModelRecord, ModelReport, World } from './world.ts';

export interface HostPool {
  readonly host: string;
  readonly pool: Pool;
  readonly book: CensusBook;
  readonly presences: Map<string, Presence>;
  readonly requests: LeaseRequest[];
}

/** Everything that has arrived, and everything that follows from it. */
export class Composed {
  readonly world: World;
  readonly requests: LeaseRequest[] = [];
  readonly leases = new Map<string, Lease>();
  readonly pools = new Map<string, HostPool>();
  readonly ids = new Map<string, IdUse>();
  readonly reports: ModelReport[] = [];
  /** Leases folded from their start, to see that late records are not dear. */
  refolds = 0;
  readonly #byLease = new Map<string, LeaseRequest[]>();
  readonly #byId = new Map<string, LeaseRequest[]>();
  readonly #seen = new Set<string>();

  constructor(world: World) {
    this.world = world;
  }

  /**
   * Adds the records of one commit. All of them enter the censuses first, oldest first. Only then are leases folded, so
   * that their effects on one another cost nothing.
   */
  records(batch: readonly ModelRecord[]): void {
    const fresh = this.#unseen(batch)
      .map((record): LeaseRequest => ({ ...record, ...classify(this.world, record) }))
      .sort(compareRecords);
    const changed = new Set(fresh.flatMap((request) => this.#enter(request)));
    for (const request of fresh) {
      this.#keep(request);
      const key = keyOf(request);
      const inOrder = insert(listOf(this.#byLease, key), request);
      if (inOrder && !changed.has(key)) this.#take(key, request);
      else changed.add(key);
    }
    for (const key of changed) this.#refold(key);
  }

  report(report: ModelReport): void {
    this.reports.push(report);
    this.reports.sort((a, b) => a.time - b.time);
    for (const home of this.pools.values()) {
      if (home.host !== report.host) continue;
      const points = this.points(home);
      const index = points.findLastIndex(({ time }) => time === report.time);
      const point = points[index];
      if (point === undefined) continue;
      const interval = reportHolds(point, points[index + 1], this.world.settings.reportStaleAfter);
      for (const lease of askedIn(home, interval)) this.#refold(lease);
    }
  }

  points({ host, pool }: { readonly host: string; readonly pool: Pool }): ReportedCount[] {
    return this.reports
      .filter((report) => report.host === host)
      .map(({ time, counts }) => ({ time, count: counts[pool] }));
  }

  /** The latest request of the lease's group under any name of its machine. */
  latestOf({ last }: Lease): LeaseRequest {
    const group = supersessionGroup(last.cls);
    return this.#ofMachine(last.machine).findLast(({ cls }) => supersessionGroup(cls) === group) ?? last;
  }

  lastOfMachine(machine: string): number {
    return this.#ofMachine(machine).at(-1)?.time ?? Number.NEGATIVE_INFINITY;
  }

  timesNewestFirst(lease: Lease): number[] {
    return listOf(this.#byLease, keyOf(lease))
      .map(({ time }) => time)
      .reverse();
  }

  newestUntil(lease: Lease, until: number): LeaseRequest | undefined {
    return listOf(this.#byLease, keyOf(lease)).findLast(({ time }) => time <= until);
  }

  #unseen(batch: readonly ModelRecord[]): ModelRecord[] {
    return batch.filter(({ host, log, recordId, time }) => {
      const key = `${host} ${log} ${recordId} ${time}`;
      const unseen = !this.#seen.has(key);
      this.#seen.add(key);
      return unseen;
    });
  }

  /** @returns the leases folded before whose requests have another answer now */
  #enter({ host, pool, clientId, nPolicy, hresult, time }: LeaseRequest): string[] {
    if (pool === undefined || hresult !== 0) return [];
    const home = this.#home(host, pool);
    home.book.watch(nPolicy, () => home.presences.values());
    const entry = home.book.enter(home.presences.get(clientId) ?? [], time);
    home.presences.set(clientId, entry.presence);
    return entry.changes.flatMap(({ n, interval }) => askedIn(home, interval, n));
  }

  #keep(request: LeaseRequest): void {
    const { host, pool } = request;
    insert(this.requests, request);
    if (pool !== undefined) insert(this.#home(host, pool).requests, request);
    this.#use(request);
  }

  #take(key: string, request: LeaseRequest): void {
    const lease = foldRequest(this.leases.get(key), request, this.#countFor(request), this.world.settings);
    this.leases.set(key, lease);
  }

  #refold(key: string): void {
    this.refolds++;
    this.leases.delete(key);
    for (const request of listOf(this.#byLease, key)) this.#take(key, request);
  }

  #countFor({ host, pool, time }: LeaseRequest): number | undefined {
    if (pool === undefined) return undefined;
    const home = this.#home(host, pool);
    const reported = reportedAt(this.points(home), time, this.world.settings.reportStaleAfter);
    return bestCount(home.book.countAt(time), reported);
  }

  #use(request: LeaseRequest): void {
    const { clientId } = request;
    const uses = listOf(this.#byId, clientId);
    if (insert(uses, request)) {
      this.ids.set(clientId, foldUse(this.ids.get(clientId) ?? UNUSED, request.time, request.machine));
      return;
    }
    this.ids.set(
      clientId,
      uses.reduce<IdUse>((use, { time, machine }) => foldUse(use, time, machine), UNUSED),
    );
  }

  #ofMachine(machine: string): LeaseRequest[] {
    return this.requests.filter((request) => sameMachine(request.machine, machine));
  }

  #home(host: string, pool: Pool): HostPool {
    const key = `${host} ${pool}`;
    const home = this.pools.get(key) ?? { host, pool, book: new CensusBook(), presences: new Map(), requests: [] };
    this.pools.set(key, home);
    return home;
  }
}

/** The newest report of (t - staleAfter, t]. @param points in rising order of time */
export function reportedAt(
  points: readonly ReportedCount[],
  time: number,
  staleAfter: number,
): ReportedCount | undefined {
  const newest = points.findLast((point) => point.time <= time);
  return newest !== undefined && newest.time > time - staleAfter ? newest : undefined;
}

function askedIn({ requests }: HostPool, { from, until }: Interval, n?: number): string[] {
  return requests
    .filter(({ hresult, time }) => hresult === 0 && from <= time && time < until)
    .filter(({ nPolicy }) => n === undefined || nPolicy === n)
    .map(keyOf);
}

function classify(
  world: World,
  { activationId, nPolicy }: ModelRecord,
): { readonly cls: LeaseClass; readonly pool: Pool | undefined } {
  const cls = world.product(activationId)?.cls ?? (nPolicy === 25 ? 'client' : 'unknown');
  const group = supersessionGroup(cls);
  return { cls, pool: group === 'unknown' ? undefined : group };
}

export function keyOf({
  clientId,
  activationId,
}: {
  readonly clientId: string;
  readonly activationId: string;
}): string {
  return `${clientId} ${activationId}`;
}

/** @returns whether the request came last, so in order */
function insert(requests: LeaseRequest[], request: LeaseRequest): boolean {
  const index = requests.findLastIndex((other) => compareRecords(other, request) < 0) + 1;
  requests.splice(index, 0, request);
  return index === requests.length - 1;
}

function listOf(lists: Map<string, LeaseRequest[]>, key: string): LeaseRequest[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
