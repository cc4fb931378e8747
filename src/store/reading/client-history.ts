import { foldMachineName } from '../../activations/machine-name.ts';
import type { Seconds } from '../../kernel/time.ts';
import { isDuplicate, type Sharing } from '../../leases/duplicates.ts';
import { leaseStories } from '../../leases/lease-stories.ts';
import type { HostReading } from '../../leases/log-history.ts';
import { compareRecords } from '../../leases/order.ts';
import { formerNames, renamedTo } from '../../leases/renames.ts';
import { requestStories } from '../../leases/request-stories.ts';
import type { ClientStory, DuplicateStory, RequestStory } from '../../leases/story.ts';
import type { KeysAndProducts } from '../../products/key-table.ts';
import { LEASE_TABLES } from '../database/lease-table-sql.ts';
import { maybeSecs, num, query, secs } from '../database/rows.ts';
import type { StoredRequest } from '../history/records.ts';
import { CountsAtTime } from './counts-at-time.ts';
import { keysAndProducts } from './host-keys.ts';
import { hostStories } from './host-stories.ts';
import type { LeasePages } from './lease-pages.ts';
import { machineMove } from './machine-move.ts';
import { type ReadContext, refresh } from './read-context.ts';

/** Requests that are shown with the count at their time. */
const MAX_REQUESTS = 200;
/** Names that are looked through for those like one that is unknown, and how many letters they begin with alike. */
const MAX_CANDIDATES = 1000;
const ALIKE = 3;

/** The history of one machine, with the evidence. */
export class ClientHistoryQuery {
  readonly #context: ReadContext;
  readonly #pages: LeasePages;

  constructor(context: ReadContext, pages: LeasePages) {
    this.#context = context;
    this.#pages = pages;
  }

  /** @param name of a machine, bare or full @param now seconds since the epoch */
  history(name: string, now: Seconds): ClientStory {
    const { database, names, settings, catalogue } = this.#context;
    refresh(this.#context);
    const meant = names.machines.meaning(foldMachineName(name));
    const all = this.#usesOf(meant);
    const requests = all.filter(({ machineNo }) => meant.includes(machineNo));
    const newest = requests[0];
    const hosts = hostStories(database, settings, now);
    if (newest === undefined) return { kind: 'unseen', asked: name, similar: this.#alike(name), hosts, domains: [] };
    const shared = this.#sharedAmong(new Set(requests.map(({ client }) => client)));
    const duplicates = shared.flatMap(({ sharing, story }) => (isDuplicate(sharing) ? [story] : []));
    const sharedIds = new Set(shared.map(({ story }) => story.clientId));
    // The names of a shared client id are no renames.
    const own = all.filter(({ clientId }) => !sharedIds.has(clientId));
    const counts = new CountsAtTime(this.#context);
    const stored = this.#pages.ofMachines(meant);
    return {
      kind: 'seen',
      machine: newest.machine,
      formerNames: formerNames(newest, own),
      renamedTo: renamedTo(newest, own),
      leases: leaseStories(stored, requests, this.#pages.context(now), counts),
      requests: requestStories(requests, MAX_REQUESTS, catalogue, counts),
      move: machineMove(database, settings, stored, requests, now),
      retiredAt: this.#retiredAt(meant, newest.time),
      duplicates,
      hosts,
    };
  }

  /** @param now seconds since the epoch */
  keys(now: Seconds): KeysAndProducts {
    return keysAndProducts(this.#context, now);
  }

  /** The hosts whose history is still coming in. @param now seconds since the epoch */
  reading(now: Seconds): HostReading[] {
    const { database, settings } = this.#context;
    const coming = hostStories(database, settings, now).filter(({ reading }) => reading);
    return coming.map(({ host, lastRecord }) => ({ host, lastRecord }));
  }

  /** The newest requests of all, newest first. */
  recent(limit: number): RequestStory[] {
    const { records, catalogue } = this.#context;
    return requestStories(records.newest(limit), limit, catalogue, new CountsAtTime(this.#context));
  }

  /** All requests of the client ids that a machine has used, under any name; newest first. */
  #usesOf(machines: readonly number[]): StoredRequest[] {
    const { database, records, names } = this.#context;
    const tables = [...LEASE_TABLES, 'former_requests'];
    const clients = query(
      database,
      tables
        .map((table) => `SELECT client FROM ${table} WHERE machine IN (SELECT value FROM json_each(?1))`)
        .join(' UNION '),
    ).all(JSON.stringify(machines));
    const uses = clients.map(([client]) => records.ofClient(num(client), names.clients.guidOf(num(client))).reverse());
    return uses.length === 1 ? (uses[0] ?? []) : uses.flat().sort((a, b) => compareRecords(b, a));
  }

  /** Machines whose names begin like this one. */
  #alike(name: string): readonly string[] {
    const start = foldMachineName(name).slice(0, ALIKE);
    const names = query(this.#context.database, 'SELECT name FROM machines WHERE name >= ? AND name < ? LIMIT ?');
    return names.texts(start, `${start}\u{10ffff}`, MAX_CANDIDATES);
  }

  #retiredAt(machines: readonly number[], last: Seconds): Seconds | undefined {
    const row = query(
      this.#context.database,
      'SELECT max(retired_at) FROM machines WHERE id IN (SELECT value FROM json_each(?))',
    ).get(JSON.stringify(machines));
    const at = maybeSecs(row?.[0]);
    return at !== undefined && at >= last ? at : undefined;
  }

  #sharedAmong(clients: ReadonlySet<number>): { readonly sharing: Sharing; readonly story: DuplicateStory }[] {
    const { database, records, names } = this.#context;
    const duplicate = query(database, 'SELECT since, until FROM duplicates WHERE client = ?');
    return [...clients].flatMap((client) => {
      const row = duplicate.get(client);
      if (row === undefined) return [];
      const clientId = names.clients.guidOf(client);
      const machines = new Set(records.ofClient(client, clientId).map(({ machine }) => machine));
      const sharing = { since: secs(row[0]), until: secs(row[1]) };
      return [{ sharing, story: { clientId, since: sharing.since, machines: [...machines].sort() } }];
    });
  }
}
