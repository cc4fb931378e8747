/**
 * The functions of src/leases put together in memory: everything is derived from all records at once, in their order.
 * How a store keeps it up to date, whatever the order of arrival, is tried in test/store/engine-model.test.ts.
 */
import { seconds } from '../../src/kernel/time.ts';
import { CensusBook } from '../../src/leases/census-book.ts';
import { type CountRules, type PoolHistory, sufficiencyAt } from '../../src/leases/count-at.ts';
import { BY_NAME, ephemeralNames, isDuplicate, type Sharing, sharingOf } from '../../src/leases/duplicates.ts';
import { foldReport, foldRequest } from '../../src/leases/fold.ts';
import { inferredOffice } from '../../src/leases/inferred-office.ts';
import { isBare, machineAmong, machinesBehind, nameKey, sameMachine } from '../../src/leases/machines.ts';
import { spans } from '../../src/leases/margin.ts';
import { compareRecords } from '../../src/leases/order.ts';
import { addContact, isPresent, type Presence } from '../../src/leases/presence.ts';
import type { CountReport } from '../../src/leases/reported.ts';
import { NO_REPORTS, placeReports } from '../../src/leases/self-reports.ts';
import { Spells } from '../../src/leases/spells.ts';
import { supersessionGroup } from '../../src/leases/superseded.ts';
import type { Lease, LeaseRequest, Pool } from '../../src/leases/types.ts';
import { classOfRequest, poolOf } from '../../src/products/product.ts';
import type { ModelRecord, World } from './world.ts';

/** A lease, and its requests in order. */
export interface ComposedLease {
  readonly lease: Lease;
  readonly requests: readonly LeaseRequest[];
}

/** A host and one of its pools: its census, its reports, and what it was asked. */
export class HostPool implements PoolHistory {
  readonly host: string;
  readonly pool: Pool;
  /** Of any result, in order. */
  readonly requests: readonly LeaseRequest[];
  readonly reports: readonly CountReport[];
  readonly book: CensusBook;
  readonly #wide: CensusBook;
  readonly #ids: ReadonlyMap<string, Presence>;
  readonly #firstRequest: number | undefined;
  readonly #gaps: readonly number[];
  readonly #policies = new Spells();
  readonly #products = new Spells();
  readonly #productIds: readonly string[];

  constructor(world: World, all: readonly LeaseRequest[], host: string, pool: Pool) {
    this.host = host;
    this.pool = pool;
    const atHost = all.filter((one) => one.host === host);
    this.requests = atHost.filter((one) => one.pool === pool);
    const contacts = this.requests.filter(({ hresult }) => hresult === 0);
    const strangers = atHost.filter(
      ({ hresult, cls, activationId }) =>
        hresult === 0 && cls === 'unknown' && world.product(activationId) === undefined,
    );
    this.#ids = presencesOf(contacts);
    const policies = [
      ...new Set(this.requests.map(({ nPolicy }) => nPolicy)),
      ...Object.values(world.settings.thresholds),
    ];
    this.book = CensusBook.of(this.#ids.values(), policies, contacts.at(-1)?.time);
    const both = [...contacts, ...strangers].sort(compareRecords);
    this.#wide = CensusBook.of(presencesOf(both).values(), policies, both.at(-1)?.time);
    this.reports = world.reports.filter((one) => one.host === host).toSorted((a, b) => a.time - b.time);
    this.#firstRequest = atHost[0]?.time;
    this.#gaps = world.gaps.filter((gap) => gap.host === host).map(({ time }) => time);
    for (const { nPolicy, time } of contacts) this.#policies.add(nPolicy, time);
    this.#productIds = [...new Set(atHost.map(({ activationId }) => activationId))];
    for (const { activationId, time } of atHost) this.#products.add(this.#productIds.indexOf(activationId), time);
  }

  census(time: number): number {
    return this.book.countAt(time);
  }

  wide(time: number): number {
    return this.#wide.countAt(time);
  }

  spans(time: number): boolean {
    return spans(this.#firstRequest, this.#gaps, time);
  }

  report(time: number): CountReport | undefined {
    return this.reports.findLast((report) => report.time <= time);
  }

  newSince(report: number, time: number): number {
    const asked = this.requests.filter((one) => one.hresult === 0 && one.time > report && one.time <= time);
    const ids = new Set(asked.map(({ clientId }) => clientId));
    return [...ids].filter((id) => !isPresent(this.#ids.get(id) ?? [], report)).length;
  }

  largestN(time: number): number | undefined {
    const policies = [...this.#policies.at(time)];
    return policies.length === 0 ? undefined : Math.max(...policies);
  }

  *asked(time: number): Iterable<string> {
    for (const index of this.#products.at(time)) yield this.#productIds[index] ?? '';
  }
}

function presencesOf(contacts: readonly LeaseRequest[]): Map<string, Presence> {
  const ids = new Map<string, Presence>();
  for (const { clientId, time } of contacts) ids.set(clientId, addContact(ids.get(clientId) ?? [], time).presence);
  return ids;
}

/** Everything that is known, and everything that follows from it. */
export class Composed {
  readonly world: World;
  readonly rules: CountRules;
  readonly requests: readonly LeaseRequest[];
  readonly sharings: ReadonlyMap<string, Sharing>;
  readonly leases: readonly ComposedLease[];
  readonly pools: readonly HostPool[];

  constructor(world: World) {
    this.world = world;
    this.rules = { staleAfter: world.settings.reportStaleAfter, covers: world.covers };
    const records = named(world.records.toSorted(compareRecords));
    this.sharings = sharingsOf(world, records);
    this.requests = classified(world, records, this.sharings);
    const hosts = [...new Set([...this.requests, ...world.reports].map(({ host }) => host))];
    this.pools = hosts.flatMap((host) =>
      (['windows', 'office'] as const).map((pool) => new HostPool(world, this.requests, host, pool)),
    );
    const groups = Map.groupBy(this.requests, (request) => this.#keyOf(request));
    this.leases = [...groups.keys()].sort().map((key) => this.#fold(groups.get(key) ?? []));
  }

  isEphemeral({ last }: Lease): boolean {
    return ephemeralNames(this.world.settings.ephemeral)(last.machine);
  }

  /** The latest request of the lease's group by its machine. */
  latestOf({ last }: Lease): LeaseRequest {
    const group = supersessionGroup(last.cls);
    const own = this.requests.filter(({ machine }) => machine === last.machine);
    return own.findLast(({ cls }) => supersessionGroup(cls) === group) ?? last;
  }

  lastOfMachine(machine: string): number {
    return this.requests.findLast((one) => one.machine === machine)?.time ?? Number.NEGATIVE_INFINITY;
  }

  #keyOf({ clientId, activationId, machine }: LeaseRequest): string {
    return this.sharings.has(clientId) ? `${clientId} ${activationId} ${machine}` : `${clientId} ${activationId}`;
  }

  /** What the machines of a lease said, in its place. */
  #reportsOf(own: readonly LeaseRequest[]) {
    if (this.world.words.length === 0) return NO_REPORTS;
    const id = own[0]?.activationId;
    const machines = [...new Set(own.map(({ machine }) => machine))];
    const reports = machines.flatMap((machine) =>
      this.world.words
        .filter((word) => word.activationId === id && this.#isSame(word.machine, machine))
        .map((word) => ({ ...word, time: seconds(word.time), machine })),
    );
    const others = machines.flatMap((machine) =>
      this.requests
        .filter((one) => one.activationId === id && !own.includes(one) && this.#isSame(one.machine, machine))
        .map((one) => ({ ...one, machine })),
    );
    return placeReports(own, others, reports);
  }

  #isSame(a: string, b: string): boolean {
    const all = [...this.world.records, ...this.world.words].map(({ machine }) => machine);
    const meant = (name: string) =>
      machineAmong(
        name,
        all.filter((other) => nameKey(other) === nameKey(name)),
      );
    return meant(a) === meant(b);
  }

  #fold(requests: readonly LeaseRequest[]): ComposedLease {
    let lease: Lease | undefined;
    const placed = this.#reportsOf(requests);
    for (const [index, request] of requests.entries()) {
      const { time, activationId, nPolicy } = request;
      const home = this.pools.find(({ host, pool }) => host === request.host && pool === request.pool);
      const count = home && sufficiencyAt(home, this.rules, time, activationId, nPolicy);
      lease = foldRequest(lease, request, count, this.world.settings);
      for (const report of placed.get(index) ?? []) lease = foldReport(lease, report, this.world.settings);
    }
    if (lease === undefined) throw new Error('a lease without a request');
    return { lease, requests };
  }
}

function named(records: readonly ModelRecord[]): ModelRecord[] {
  const full = [...new Set(records.map(({ machine }) => machine).filter((name) => !isBare(name)))];
  const fitting = (bare: string) => full.filter((name) => sameMachine(bare, name));
  const byClient = Map.groupBy(records, ({ clientId }) => clientId);
  const machines = new Map<ModelRecord, string>();
  for (const own of byClient.values()) {
    const behind = machinesBehind(
      own.map(({ machine }) => machine),
      fitting,
    );
    for (const [index, record] of own.entries()) machines.set(record, behind[index] ?? record.machine);
  }
  return records.map((record) => ({ ...record, machine: machines.get(record) ?? record.machine }));
}

function sharingsOf({ settings }: World, records: readonly ModelRecord[]): Map<string, Sharing> {
  const isEphemeral = ephemeralNames(settings.ephemeral);
  const byClient = Map.groupBy(records, ({ clientId }) => clientId);
  return new Map(
    [...byClient].flatMap(([id, own]) => {
      const lasting = own.filter(({ machine }) => !isEphemeral(machine));
      const sharing = sharingOf(lasting) ?? (lasting.length < own.length ? BY_NAME : undefined);
      return sharing === undefined ? [] : [[id, sharing] as const];
    }),
  );
}

function classified(
  world: World,
  records: readonly ModelRecord[],
  sharings: ReadonlyMap<string, Sharing>,
): LeaseRequest[] {
  const office = new Set<string>();
  const classOf = ({ activationId, nPolicy }: ModelRecord) =>
    classOfRequest(world.product(activationId)?.cls, nPolicy, office.has(activationId));
  const isOpen = ({ activationId, nPolicy }: ModelRecord) => nPolicy === 5 && world.product(activationId) === undefined;
  const found = [...Map.groupBy(records, ({ clientId }) => clientId)].flatMap(([id, own]) =>
    isDuplicate(sharings.get(id) ?? BY_NAME)
      ? []
      : [
          ...inferredOffice(
            own.map((one) => ({ activationId: one.activationId, cls: classOf(one), isOpen: isOpen(one) })),
          ),
        ],
  );
  for (const id of found) office.add(id);
  return records.map((record) => {
    const cls = classOf(record);
    return { ...record, cls, pool: poolOf(cls) };
  });
}
