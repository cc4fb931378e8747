import type { DatabaseSync } from 'node:sqlite';
import { MINUTE_MS, type Seconds } from '../../kernel/time.ts';
import { isComing } from '../../leases/log-history.ts';
import { HostReach } from '../../machines/host-reach.ts';
import { num, query, text } from '../database/rows.ts';
import type { NameIds } from '../history/name-ids.ts';
import { HostLogs } from '../leases/host-log-status.ts';
import type { StoreSettings } from '../settings.ts';

/** A host that was last published this long before another of its domain is no longer published: three lookups. */
const PUBLISHED_WITHIN = 15 * MINUTE_MS;

/** Which hosts there are, which of them a domain publishes, and how far their logs are known. */
export class KnownHosts {
  readonly reach: HostReach;
  /** By canonical name: its log is heard from. */
  readonly #heard = new Set<string>();
  /** By the number of a host's name: each lease asks. */
  readonly #byNumber = new Map<number, { readonly name: string; readonly isHeard: boolean }>();
  readonly #names: NameIds;
  /** No object: asked for a million names, it would keep each of them among the names of properties. */
  readonly #aliases: ReadonlyMap<string, string>;

  constructor(database: DatabaseSync, names: NameIds, settings: StoreSettings, now: Seconds) {
    this.#names = names;
    this.#aliases = new Map(Object.entries(settings.aliases));
    const all = new Set<string>(settings.hosts);
    const whole = new Set<string>();
    const logs = new HostLogs(database).byHost((no) => names.find(this.#canonical(names.name(no))) ?? no);
    // An import is over when it is answered; what is sent or fetched may go on.
    const fetched = new Set(query(database, 'SELECT host FROM log_bookmarks').texts());
    for (const [no, { firstRecord, lastArrival = 0, lastHeard = 0, lastPush, historyAt }] of logs) {
      const host = names.name(no);
      if (firstRecord === undefined) continue;
      all.add(host);
      if (Math.max(lastArrival, lastHeard) < now - settings.activationsStaleAfter) continue;
      this.#heard.add(host);
      const isRead = lastPush !== undefined || lastHeard > 0 || fetched.has(host);
      if (isRead && isComing(historyAt, now)) continue;
      if (firstRecord <= now - 2 * settings.leases.renewalInterval) whole.add(host);
    }
    const published = this.#readPublished(database, all);
    this.reach = new HostReach({ all, whole, published, canonical: (name) => this.#canonical(name) });
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
    const name = this.#canonical(this.#names.name(no));
    const host = { name, isHeard: this.#heard.has(name) };
    this.#byNumber.set(no, host);
    return host;
  }

  #canonical(name: string): string {
    return this.#aliases.get(name) ?? name;
  }

  /** By domain. @param all takes in each host that was ever published */
  #readPublished(database: DatabaseSync, all: Set<string>): ReadonlyMap<string, ReadonlySet<string>> {
    const published = new Map<string, Set<string>>();
    const rows = query(database, 'SELECT domain, target, max(at) OVER (PARTITION BY domain) - at FROM sightings').all();
    for (const [domain, target, before] of rows) {
      const host = this.#canonical(text(target));
      all.add(host);
      if (num(before) > PUBLISHED_WITHIN) continue;
      const hosts = published.get(text(domain)) ?? new Set();
      published.set(text(domain), hosts.add(host));
    }
    return published;
  }
}
