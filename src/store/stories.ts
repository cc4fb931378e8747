import type { DatabaseSync } from 'node:sqlite';
import { CensusBook } from '../leases/census-book.ts';
import { isBare } from '../leases/machines.ts';
import { compareRecords } from '../leases/order.ts';
import { bestCount } from '../leases/reported.ts';
import { runStartOf } from '../leases/retrying.ts';
import { skewOf } from '../leases/skew.ts';
import { resultOf } from '../products/activation-result.ts';
import { Catalogue, POOLS } from './catalogue.ts';
import type { HomeState } from './home.ts';
import { type LeasePages, PAGE_COLUMNS } from './lease-pages.ts';
import { licenseStatusName } from './license-status.ts';
import type { Names } from './names.ts';
import type { ClientStory, LeaseJson, StoryRequest } from './queries.ts';
import { Records, type StoredRequest } from './records.ts';
import { Reports } from './reports.ts';
import { maybe, num, query, text } from './rows.ts';
import type { StoreSettings } from './settings.ts';

const MAX_REQUESTS = 200;

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

  /** @returns undefined for a name that no request has */
  story(name: string, now: number): ClientStory | undefined {
    const { machines } = this.#names;
    const meant = machines.meaning(name.toLowerCase());
    const requests = this.#requestsOf(meant);
    const newest = requests[0];
    if (newest === undefined) return undefined;
    const names = [...new Set(requests.map(({ machine }) => machine))];
    const leases = this.#leasesOf(meant, now);
    return {
      client: names.find((one) => !isBare(one)) ?? newest.machine,
      names,
      leases,
      requests: this.#told(requests.slice(0, MAX_REQUESTS)),
      retiredAt: this.#retiredAt(meant, newest.time),
      duplicates: this.#duplicatesAmong(new Set(requests.map(({ client }) => client))),
      skew: skewOf(newest),
      retryingSince: this.#retryingSince(leases, requests, now),
    };
  }

  recent(limit: number): StoryRequest[] {
    return this.#told(this.#records.newest(limit));
  }

  /** Newest first. */
  #requestsOf(machines: readonly number[]): StoredRequest[] {
    const list = JSON.stringify(machines);
    const clients = query(
      this.#database,
      `SELECT client FROM leases WHERE machine IN (SELECT value FROM json_each(?))
       UNION SELECT client FROM strays WHERE machine IN (SELECT value FROM json_each(?))`,
    ).all(list, list);
    return clients
      .flatMap(([client]) => this.#records.ofClient(num(client), this.#names.clients.guidOf(num(client))))
      .filter(({ machineNo }) => machines.includes(machineNo))
      .sort((a, b) => compareRecords(b, a));
  }

  #leasesOf(machines: readonly number[], now: number): LeaseJson[] {
    const context = this.#pages.context(now);
    return query(
      this.#database,
      `SELECT ${PAGE_COLUMNS} FROM leases l JOIN clients c ON c.id = l.client JOIN machines m ON m.id = l.machine
       WHERE l.machine IN (SELECT value FROM json_each(?)) ORDER BY l.expiry, l.id`,
    )
      .all(JSON.stringify(machines))
      .map((row) => this.#pages.json(row, context));
  }

  #retiredAt(machines: readonly number[], last: number): number | undefined {
    const row = query(
      this.#database,
      'SELECT max(retired_at) FROM machines WHERE id IN (SELECT value FROM json_each(?))',
    ).get(JSON.stringify(machines));
    const at = maybe(row?.[0]);
    return at !== undefined && at >= last ? at : undefined;
  }

  #duplicatesAmong(clients: ReadonlySet<number>): ClientStory['duplicates'] {
    const inTurn = query(this.#database, 'SELECT in_turn FROM clients WHERE id = ?');
    return [...clients].flatMap((client) => {
      const since = maybe(inTurn.get(client)?.[0]);
      if (since === undefined) return [];
      const clientId = this.#names.clients.guidOf(client);
      const uses = this.#records.ofClient(client, clientId);
      return [{ clientId, machines: [...new Set(uses.map(({ machine }) => machine))], since }];
    });
  }

  #retryingSince(leases: readonly LeaseJson[], requests: readonly StoredRequest[], now: number): number | undefined {
    const { interval } = this.#pages.context(now);
    const starts = leases
      .filter(({ retrying }) => retrying)
      .flatMap(({ client_id, activation_id, host }) => {
        const own = requests.filter((one) => one.clientId === client_id && one.activationId === activation_id);
        return (
          runStartOf(
            own.map(({ time }) => time),
            interval(host),
          ) ?? []
        );
      });
    return starts.length === 0 ? undefined : Math.min(...starts);
  }

  #told(requests: readonly StoredRequest[]): StoryRequest[] {
    const books = new Map<string, CensusBook | undefined>();
    return requests.map((request) => ({
      time: request.time,
      host: request.host,
      machine: request.machine,
      clientId: request.clientId,
      activationId: request.activationId,
      product: this.#catalogue.nameOf(request.activationId),
      cls: request.cls,
      hresult: request.hresult,
      result: resultOf(request.hresult),
      licenseStatus: licenseStatusName(request.status),
      minutes: request.minutes,
      clientTime: request.clientTime,
      virtual: request.virtual,
      nPolicy: request.nPolicy,
      count: this.#countAt(request, books),
    }));
  }

  #countAt({ hostNo, pool, time }: StoredRequest, books: Map<string, CensusBook | undefined>): number | undefined {
    if (pool === undefined) return undefined;
    const key = `${hostNo} ${pool}`;
    if (!books.has(key)) books.set(key, this.#bookOf(hostNo, POOLS.indexOf(pool)));
    const census = books.get(key)?.countAt(time) ?? 0;
    return bestCount(census, this.#reports.countAt(hostNo, pool, time, this.#settings.reportStaleAfter));
  }

  #bookOf(host: number, pool: number): CensusBook | undefined {
    const row = query(this.#database, 'SELECT state FROM homes WHERE host = ? AND pool = ?').get(host, pool);
    if (row === undefined) return undefined;
    const state: HomeState = JSON.parse(text(row[0]));
    return new CensusBook(state.book);
  }
}
