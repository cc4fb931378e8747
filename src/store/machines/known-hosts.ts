import type { DatabaseSync } from 'node:sqlite';
import { MINUTE_MS, type Seconds } from '../../kernel/time.ts';
import { isComing } from '../../leases/log-history.ts';
import { bareNamesOf, isBare } from '../../leases/machines.ts';
import { num, query, text } from '../database/rows.ts';
import type { NameIds } from '../history/name-ids.ts';
import { HostLogs } from '../leases/host-log-status.ts';
import type { StoreSettings } from '../settings.ts';

/** A host that was last published so much before another of its domain is published no more: three lookups. */
const PUBLISHED_WITHIN = 15 * MINUTE_MS;

/** Which hosts there are, which of them a domain publishes, and how far their logs are known. */
export class KnownHosts {
  /** The hosts of each domain that is looked up. */
  readonly #published = new Map<string, Set<string>>();
  readonly #all = new Set<string>();
  /** What lists may call those of them whose full name is known. */
  readonly #bare: ReadonlySet<string>;
  /** Hosts whose log goes back far enough, and is heard from. */
  readonly #whole = new Set<string>();
  readonly #heard = new Set<string>();
  /** By the number of a host's name: each lease asks. */
  readonly #byNumber = new Map<number, { readonly name: string; readonly isHeard: boolean }>();
  readonly #names: NameIds;
  /** No object: asked for a million names, it would keep each of them among the names of properties. */
  readonly #aliases: ReadonlyMap<string, string>;

  /** @param now seconds since the epoch */
  constructor(database: DatabaseSync, names: NameIds, settings: StoreSettings, now: Seconds) {
    this.#names = names;
    this.#aliases = new Map(Object.entries(settings.aliases));
    for (const host of settings.hosts) this.#all.add(host);
    const logs = new HostLogs(database).byHost((no) => names.find(this.#one(names.name(no))) ?? no);
    // An import is over when it is answered; what is sent or fetched may go on.
    const fetched = new Set(query(database, 'SELECT host FROM log_bookmarks').texts());
    for (const [no, { firstRecord, lastArrival = 0, lastHeard = 0, lastPush, historyAt }] of logs) {
      const host = names.name(no);
      if (firstRecord === undefined) continue;
      this.#all.add(host);
      if (Math.max(lastArrival, lastHeard) < now - settings.activationsStaleAfter) continue;
      this.#heard.add(host);
      const isRead = lastPush !== undefined || lastHeard > 0 || fetched.has(host);
      if (isRead && isComing(historyAt, now)) continue;
      if (firstRecord <= now - 2 * settings.leases.renewalInterval) this.#whole.add(host);
    }
    this.#readPublished(database);
    const full = [...this.#all].filter((host) => !isBare(host));
    this.#bare = new Set(full.flatMap(bareNamesOf));
  }

  /** @param name of a machine; a bare one is that of each host that it is short for */
  isHost(name: string): boolean {
    if (this.#all.has(this.#one(name))) return true;
    if (isBare(name)) return this.#bare.has(name);
    // Of a host whose full name nothing says, as in the log of a machine without a domain.
    return bareNamesOf(name).some((bare) => this.#all.has(bare) && !this.#bare.has(bare));
  }

  /** @param no of a host's name */
  isHeard(no: number): boolean {
    return this.#numbered(no).isHeard;
  }

  nameOf(no: number): string {
    return this.#numbered(no).name;
  }

  #numbered(no: number): { readonly name: string; readonly isHeard: boolean } {
    const known = this.#byNumber.get(no);
    if (known !== undefined) return known;
    const name = this.#one(this.#names.name(no));
    const host = { name, isHeard: this.#heard.has(name) };
    this.#byNumber.set(no, host);
    return host;
  }

  /** Whether it is looked up what any domain publishes. */
  get hasPublished(): boolean {
    return this.#published.size > 0;
  }

  /** Whether each host that a machine can ask is known to have heard nothing of it. */
  areLogsWhole(machine: string): boolean {
    const hosts = this.#publishedFor(machine) ?? this.#all;
    for (const host of hosts) if (!this.#whole.has(host)) return false;
    return hosts.size > 0;
  }

  /** Whether a host is one that a machine's domain does not publish. */
  isPinned(machine: string, host: string): boolean {
    return this.#publishedFor(machine)?.has(host) === false;
  }

  #publishedFor(machine: string): ReadonlySet<string> | undefined {
    const dot = machine.indexOf('.');
    return dot === -1 ? undefined : this.#published.get(machine.slice(dot + 1));
  }

  #one(name: string): string {
    return this.#aliases.get(name) ?? name;
  }

  #readPublished(database: DatabaseSync): void {
    const rows = query(database, 'SELECT domain, target, at FROM sightings').all();
    const newest = new Map<string, number>();
    for (const [domain, , at] of rows) newest.set(text(domain), Math.max(newest.get(text(domain)) ?? 0, num(at)));
    for (const [domain, target, at] of rows) {
      const host = this.#one(text(target));
      this.#all.add(host);
      if (num(at) < (newest.get(text(domain)) ?? 0) - PUBLISHED_WITHIN) continue;
      const hosts = this.#published.get(text(domain)) ?? new Set();
      this.#published.set(text(domain), hosts.add(host));
    }
  }
}
