import type { DatabaseSync } from 'node:sqlite';
import { CensusBook } from '../leases/census-book.ts';
import { expiryOf } from '../leases/expiry.ts';
import { machinesOf } from '../leases/machine-groups.ts';
import { sameMachine } from '../leases/machines.ts';
import { spans } from '../leases/margin.ts';
import { compareRecords } from '../leases/order.ts';
import { bestCount } from '../leases/reported.ts';
import { isRetrying, runStartOf } from '../leases/retrying.ts';
import { isRepeat } from '../leases/rules.ts';
import { stateOf } from '../leases/state.ts';
import type { ClientStory, CountAtTime, FormerName, HostStory, LeaseStory, RequestStory } from '../leases/story.ts';
import { supersessionGroup } from '../leases/superseded.ts';
import type { Renewal } from '../leases/types.ts';
import { Catalogue, POOLS } from './catalogue.ts';
import { RETIRED, SUPERSEDED } from './fate-bits.ts';
import type { HomeState } from './home.ts';
import { type LeasePages, PAGE_COLUMNS } from './lease-pages.ts';
import type { HostMarks } from './marks.ts';
import type { Names } from './names.ts';
import { Records, type StoredRequest } from './records.ts';
import { Reports } from './reports.ts';
import { maybe, num, query, text } from './rows.ts';
import type { StoreSettings } from './settings.ts';

const MAX_REQUESTS = 200;
/** Names that are looked through for those like one that nobody knows, and how many letters they begin with alike. */
const MAX_CANDIDATES = 1000;
const ALIKE = 3;

/** What happened to one machine, with the evidence. */
export class Stories {
  readonly #database: DatabaseSync;
  readonly #names: Names;
  readonly #settings: StoreSettings;
  readonly #pages: LeasePages;
  readonly #catalogue: Catalogue;
  readonly #records: Records;
  readonly #reports: Reports;

  constructor(database: DatabaseSync, names: Names, settings: StoreSettings, pages: LeasePages) {
    this.#database = database;
    this.#names = names;
    this.#settings = settings;
    this.#pages = pages;
    this.#catalogue = new Catalogue(settings);
    this.#records = new Records(database, names, this.#catalogue);
    this.#reports = new Reports(database);
  }

  story(name: string, now: number): ClientStory {
    const meant = this.#names.machines.meaning(name.toLowerCase());
    const all = this.#usesOf(meant);
    const requests = all.filter(({ machineNo }) => meant.includes(machineNo));
    const newest = requests[0];
    const hosts = this.#hosts(now);
    if (newest === undefined) return { kind: 'unseen', asked: name, similar: this.#alike(name), hosts, domains: [] };
    const duplicates = this.#duplicatesAmong(new Set(requests.map(({ client }) => client)));
    const cloned = new Set(duplicates.map(({ clientId }) => clientId));
    const told = new Teller(this.#catalogue, (request) => this.#countAt(request));
    return {
      kind: 'seen',
      machine: newest.machine,
      formerNames: formerNames(
        newest.machine,
        all.filter(({ clientId }) => !cloned.has(clientId)),
      ),
      leases: this.#leasesOf(meant, requests, now),
      requests: told.tell(requests).slice(0, MAX_REQUESTS),
      retiredAt: this.#retiredAt(meant, newest.time),
      duplicates,
      hosts,
    };
  }

  /** The newest requests of all, newest first. */
  recent(limit: number): RequestStory[] {
    return new Teller(this.#catalogue, (request) => this.#countAt(request)).tell(this.#records.newest(limit));
  }

  /** All requests of the client ids that a machine has used, under whatever name; newest first. */
  #usesOf(machines: readonly number[]): StoredRequest[] {
    const list = JSON.stringify(machines);
    const clients = query(
      this.#database,
      `SELECT client FROM leases WHERE machine IN (SELECT value FROM json_each(?))
       UNION SELECT client FROM strays WHERE machine IN (SELECT value FROM json_each(?))`,
    ).all(list, list);
    return clients
      .flatMap(([client]) => this.#records.ofClient(num(client), this.#names.clients.guidOf(num(client))))
      .sort((a, b) => compareRecords(b, a));
  }

  #leasesOf(machines: readonly number[], requests: readonly StoredRequest[], now: number): LeaseStory[] {
    const context = this.#pages.context(now);
    return query(
      this.#database,
      `SELECT ${PAGE_COLUMNS} FROM leases l JOIN clients c ON c.id = l.client JOIN machines m ON m.id = l.machine
       WHERE l.machine IN (SELECT value FROM json_each(?)) ORDER BY l.expiry, l.id`,
    )
      .all(JSON.stringify(machines))
      .map((row) => {
        const { lease, fate } = this.#pages.read(row);
        const fates = { retired: (fate & RETIRED) !== 0, superseded: (fate & SUPERSEDED) !== 0 };
        const state = stateOf(lease, fates, now, context.settings);
        const interval = context.interval(lease.last.host);
        const own = requests.filter((one) => isOf(lease, one));
        const times = own.map(({ time }) => time);
        const [last] = own;
        return {
          lease,
          product: this.#catalogue.nameOf(lease.activationId),
          state,
          expiry: expiryOf(lease),
          retrying: isRetrying(lease, state, now, interval),
          runStart: runStartOf(times, interval) ?? lease.runStart,
          interval,
          lastCount: last && this.#countAt(last),
          countNow: last && this.#countAt({ ...last, time: now }),
          successor: fates.superseded ? this.#successor(lease, requests) : undefined,
        };
      });
  }

  /** The newest request that took the place of a lease. */
  #successor(lease: LeaseStory['lease'], requests: readonly StoredRequest[]): LeaseStory['successor'] {
    const group = supersessionGroup(lease.last.cls);
    const next = requests.find((one) => !isOf(lease, one) && supersessionGroup(one.cls) === group);
    return next && { product: this.#catalogue.nameOf(next.activationId), time: next.time };
  }

  #hosts(now: number): HostStory[] {
    return query(this.#database, 'SELECT name, marks FROM hosts')
      .all()
      .map(([name, marks]) => {
        const { firstRecord, lastEvent, lastArrival }: HostMarks = JSON.parse(text(marks));
        const read = lastArrival !== undefined && lastArrival > now - this.#settings.activationsStaleAfter;
        return { host: text(name), read, firstRecord, lastRecord: lastEvent };
      });
  }

  /** Machines whose names begin like this one. */
  #alike(name: string): readonly string[] {
    const start = name.toLowerCase().slice(0, ALIKE);
    const names = query(this.#database, 'SELECT name FROM machines WHERE name >= ? AND name < ? LIMIT ?');
    return names.all(start, `${start}\u{10ffff}`, MAX_CANDIDATES).map(([one]) => text(one));
  }

  #retiredAt(machines: readonly number[], last: number): number | undefined {
    const row = query(
      this.#database,
      'SELECT max(retired_at) FROM machines WHERE id IN (SELECT value FROM json_each(?))',
    ).get(JSON.stringify(machines));
    const at = maybe(row?.[0]);
    return at !== undefined && at >= last ? at : undefined;
  }

  #duplicatesAmong(clients: ReadonlySet<number>): { clientId: string; machines: string[] }[] {
    const inTurn = query(this.#database, 'SELECT in_turn FROM clients WHERE id = ?');
    return [...clients].flatMap((client) => {
      if (maybe(inTurn.get(client)?.[0]) === undefined) return [];
      const clientId = this.#names.clients.guidOf(client);
      const uses = this.#records.ofClient(client, clientId);
      const newest = new Map(uses.map((use) => [use.machine, use]));
      return [
        {
          clientId,
          machines: machinesOf([...newest.values()])
            .map(({ machine }) => machine)
            .sort(),
        },
      ];
    });
  }

  #countAt({ hostNo, pool, time }: Pick<StoredRequest, 'hostNo' | 'pool' | 'time'>): CountAtTime | undefined {
    if (pool === undefined) return undefined;
    const census = this.#bookOf(hostNo, POOLS.indexOf(pool))?.countAt(time) ?? 0;
    const reported = this.#reports.countAt(hostNo, pool, time, this.#settings.reportStaleAfter);
    const row = query(this.#database, 'SELECT marks FROM hosts WHERE id = ?').get(hostNo);
    const { firstRecord, lastGap }: HostMarks = JSON.parse(text(row?.[0] ?? '{}'));
    return { value: bestCount(census, reported), known: reported !== undefined || spans(firstRecord, lastGap, time) };
  }

  #bookOf(host: number, pool: number): CensusBook | undefined {
    const row = query(this.#database, 'SELECT state FROM homes WHERE host = ? AND pool = ?').get(host, pool);
    if (row === undefined) return undefined;
    const state: HomeState = JSON.parse(text(row[0]));
    return new CensusBook(state.book);
  }
}

/** Tells requests, oldest first, so that repeats show. */
class Teller {
  readonly #catalogue: Catalogue;
  readonly #countAt: (request: StoredRequest) => CountAtTime | undefined;
  /** By lease. */
  readonly #renewals = new Map<string, Renewal>();

  constructor(catalogue: Catalogue, countAt: (request: StoredRequest) => CountAtTime | undefined) {
    this.#catalogue = catalogue;
    this.#countAt = countAt;
  }

  /** @param requests newest first, as the answer is */
  tell(requests: readonly StoredRequest[]): RequestStory[] {
    return requests
      .toReversed()
      .map((request) => this.#one(request))
      .reverse();
  }

  #one(request: StoredRequest): RequestStory {
    const key = `${request.clientId} ${request.activationId}`;
    const repeat = isRepeat(this.#renewals.get(key), request);
    if (request.hresult === 0 && !repeat) {
      this.#renewals.set(key, { time: request.time, machine: request.machine, presumed: false });
    }
    const product = this.#catalogue.nameOf(request.activationId);
    return { request, product, count: this.#countAt(request), repeat };
  }
}

function isOf(lease: { clientId: string; activationId: string }, request: StoredRequest): boolean {
  return request.clientId === lease.clientId && request.activationId === lease.activationId;
}

/** Names that a machine had before, newest first. */
function formerNames(machine: string, uses: readonly StoredRequest[]): FormerName[] {
  const names = new Map<string, number>();
  for (const use of uses) {
    if (!sameMachine(use.machine, machine) && !names.has(use.machine)) names.set(use.machine, use.time);
  }
  return [...names].map(([name, lastUsed]) => ({ machine: name, lastUsed }));
}
