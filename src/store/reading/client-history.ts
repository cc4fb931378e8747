import type { DatabaseSync } from 'node:sqlite';
import type { Seconds } from '../../kernel/time.ts';
import { machinesOf } from '../../leases/machine-groups.ts';
import { sameMachine } from '../../leases/machines.ts';
import { compareRecords } from '../../leases/order.ts';
import type { ClientStory, FormerName, HostStory, RequestStory } from '../../leases/story.ts';
import { maybeSecs, num, query, text } from '../database/rows.ts';
import { Catalogue } from '../history/catalogue.ts';
import type { Names } from '../history/names.ts';
import { Records, type StoredRequest } from '../history/records.ts';
import type { HostLogStatus } from '../leases/host-log-status.ts';
import type { StoreSettings } from '../settings.ts';
import { CountsAtTime } from './counts-at-time.ts';
import type { LeasePages } from './lease-pages.ts';
import { leaseStories } from './lease-stories.ts';
import { requestStories } from './request-stories.ts';

/** Requests that are shown with the count at their time. */
const MAX_REQUESTS = 200;
/** Names that are looked through for those like one that is unknown, and how many letters they begin with alike. */
const MAX_CANDIDATES = 1000;
const ALIKE = 3;

/** What happened to one machine, with the evidence. */
export class ClientHistoryQuery {
  readonly #database: DatabaseSync;
  readonly #names: Names;
  readonly #settings: StoreSettings;
  readonly #pages: LeasePages;
  readonly #catalogue: Catalogue;
  readonly #records: Records;

  constructor(database: DatabaseSync, names: Names, settings: StoreSettings, pages: LeasePages) {
    this.#database = database;
    this.#names = names;
    this.#settings = settings;
    this.#pages = pages;
    this.#catalogue = new Catalogue(settings);
    this.#records = new Records(database, names, this.#catalogue);
  }

  /** @param name of a machine, bare or full @param now seconds since the epoch */
  history(name: string, now: Seconds): ClientStory {
    const meant = this.#names.machines.meaning(name.toLowerCase());
    const all = this.#usesOf(meant);
    const requests = all.filter(({ machineNo }) => meant.includes(machineNo));
    const newest = requests[0];
    const hosts = this.#hosts(now);
    if (newest === undefined) return { kind: 'unseen', asked: name, similar: this.#alike(name), hosts, domains: [] };
    const duplicates = this.#duplicatesAmong(new Set(requests.map(({ client }) => client)));
    const cloned = new Set(duplicates.map(({ clientId }) => clientId));
    const own = all.filter(({ clientId }) => !cloned.has(clientId));
    const counts = new CountsAtTime(this.#database, this.#settings);
    return {
      kind: 'seen',
      machine: newest.machine,
      formerNames: formerNames(newest.machine, own),
      leases: leaseStories(this.#pages.ofMachines(meant), requests, this.#pages.context(now), counts),
      requests: requestStories(requests, MAX_REQUESTS, this.#catalogue, counts),
      retiredAt: this.#retiredAt(meant, newest.time),
      duplicates,
      hosts,
    };
  }

  /** The newest requests of all, newest first. */
  recent(limit: number): RequestStory[] {
    const counts = new CountsAtTime(this.#database, this.#settings);
    return requestStories(this.#records.newest(limit), limit, this.#catalogue, counts);
  }

  /** All requests of the client ids that a machine has used, under any name; newest first. */
  #usesOf(machines: readonly number[]): StoredRequest[] {
    const tables = ['leases', 'lease_changes', 'former_requests'];
    const clients = query(
      this.#database,
      tables
        .map((table) => `SELECT client FROM ${table} WHERE machine IN (SELECT value FROM json_each(?1))`)
        .join(' UNION '),
    ).all(JSON.stringify(machines));
    const uses = clients.map(([client]) =>
      this.#records.ofClient(num(client), this.#names.clients.guidOf(num(client))).reverse(),
    );
    return uses.length === 1 ? (uses[0] ?? []) : uses.flat().sort((a, b) => compareRecords(b, a));
  }

  #hosts(now: Seconds): HostStory[] {
    return query(this.#database, 'SELECT name, log_status FROM hosts')
      .all()
      .map(([name, status]) => {
        const { firstRecord, lastEvent, lastArrival }: HostLogStatus = JSON.parse(text(status));
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

  #retiredAt(machines: readonly number[], last: Seconds): Seconds | undefined {
    const row = query(
      this.#database,
      'SELECT max(retired_at) FROM machines WHERE id IN (SELECT value FROM json_each(?))',
    ).get(JSON.stringify(machines));
    const at = maybeSecs(row?.[0]);
    return at !== undefined && at >= last ? at : undefined;
  }

  #duplicatesAmong(clients: ReadonlySet<number>): { clientId: string; machines: string[] }[] {
    const duplicate = query(this.#database, 'SELECT since FROM duplicates WHERE client = ?');
    return [...clients].flatMap((client) => {
      if (duplicate.get(client) === undefined) return [];
      const clientId = this.#names.clients.guidOf(client);
      const newest = new Map(this.#records.ofClient(client, clientId).map((use) => [use.machine, use]));
      const machines = machinesOf([...newest.values()]).map(({ machine }) => machine);
      return [{ clientId, machines: machines.sort() }];
    });
  }
}

/** Names that a machine had before, newest first. */
function formerNames(machine: string, uses: readonly StoredRequest[]): FormerName[] {
  const names = new Map<string, Seconds>();
  for (const use of uses) if (use.machine !== machine && !names.has(use.machine)) names.set(use.machine, use.time);
  return [...names]
    .filter(([name]) => !sameMachine(name, machine))
    .map(([name, lastUsed]) => ({ machine: name, lastUsed }));
}
