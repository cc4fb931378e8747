import type { DatabaseSync } from 'node:sqlite';
import type { EventBody } from '../../activations/types.ts';
import { type Seconds, seconds } from '../../kernel/time.ts';
import { addContact, type Presence } from '../../leases/presence.ts';
import type { LeaseClass } from '../../leases/types.ts';
import { num, type Query, query, text } from '../database/rows.ts';

/** What is remembered of a host's log: first and last times, in seconds since the epoch. */
export interface HostLogStatus {
  firstRecord?: Seconds;
  lastEvent?: Seconds;
  /** When a record of it last came from a subscription or a push, a known one too. */
  lastArrival?: Seconds;
  lastPush?: Seconds;
  gaps?: number;
  lastGap?: Seconds;
  /** When a request of each class, of any result, was among the last 30 days'. */
  classes: Partial<Record<LeaseClass, Presence>>;
  failures: { init?: Seconds; timer?: Seconds };
  dns: Record<string, { failure?: Seconds; success?: Seconds }>;
}

/** A host publishes in the domains that its administrator names; more than these are somebody's play. */
const MAX_DOMAINS = 100;

/** Of a class that is asked for now and then, the newest spells; only those around now are looked at. */
const MAX_SPELLS = 16;

/** The logs of all hosts, in memory and in the database. */
export class HostLogs {
  readonly #status = new Map<number, HostLogStatus>();
  readonly #changed = new Set<number>();
  readonly #put: Query;

  /** @param isEmpty begins with nothing, whatever is stored */
  constructor(database: DatabaseSync, isEmpty = false) {
    const stored = isEmpty ? [] : query(database, 'SELECT id, log_status FROM hosts').all();
    for (const [id, status] of stored) {
      this.#status.set(num(id), { ...emptyStatus(), ...JSON.parse(text(status)) });
    }
    this.#put = query(database, 'UPDATE hosts SET log_status = ? WHERE id = ?');
  }

  all(): Iterable<[number, HostLogStatus]> {
    return this.#status;
  }

  /** To be read only. */
  of(host: number): Readonly<HostLogStatus> {
    return this.#status.get(host) ?? emptyStatus();
  }

  /** To be changed. */
  edit(host: number): HostLogStatus {
    this.#changed.add(host);
    const status = this.#status.get(host) ?? emptyStatus();
    this.#status.set(host, status);
    return status;
  }

  /** Takes the time of a request that was not known before. */
  noteRequest(host: number, time: number, cls: LeaseClass): void {
    const status = this.#noteTime(host, time);
    status.classes[cls] = addContact(status.classes[cls] ?? [], time).presence.slice(-MAX_SPELLS);
  }

  /** Takes a record of another kind that was not known before. */
  noteNotice(host: number, time: number, body: EventBody): void {
    noteBody(this.#noteTime(host, time), time, body);
  }

  save(): void {
    for (const host of this.#changed) this.#put.run(JSON.stringify(this.of(host)), host);
    this.#changed.clear();
  }

  /** Takes over what no record says: when records came, and which were never read. */
  copyArrivals(from: HostLogs): void {
    for (const [host, { lastArrival, lastPush, gaps, lastGap }] of from.all()) {
      Object.assign(this.edit(host), defined({ lastArrival, lastPush, gaps, lastGap }));
    }
  }

  /**
   * The status of each host, with what came under its other names. It is kept by name, as an alias may go again.
   * @param hostOf the number of the host that the number of a name stands for
   */
  byHost(hostOf: (name: number) => number): ReadonlyMap<number, Readonly<HostLogStatus>> {
    const hosts = new Map<number, HostLogStatus>();
    for (const [name, status] of this.#status) if (hostOf(name) === name) hosts.set(name, status);
    for (const [name, status] of this.#status) {
      const host = hostOf(name);
      if (host !== name) hosts.set(host, merged(hosts.get(host) ?? emptyStatus(), status));
    }
    return hosts;
  }

  #noteTime(host: number, time: number): HostLogStatus {
    const status = this.edit(host);
    status.firstRecord = seconds(Math.min(status.firstRecord ?? time, time));
    status.lastEvent = seconds(Math.max(status.lastEvent ?? time, time));
    return status;
  }
}

function noteBody(status: HostLogStatus, time: number, body: EventBody): void {
  if (body.kind === 'service_failure') {
    status.failures[body.failure] = seconds(Math.max(status.failures[body.failure] ?? time, time));
  }
  if (body.kind !== 'dns_publish') return;
  const known = status.dns[body.domain];
  if (known === undefined && Object.keys(status.dns).length >= MAX_DOMAINS) return;
  status.dns[body.domain] = { ...known, [body.result]: Math.max(known?.[body.result] ?? time, time) };
}

function emptyStatus(): HostLogStatus {
  return { classes: {}, failures: {}, dns: {} };
}

/** The first, with the arrivals and gaps of the other. */
function merged(status: Readonly<HostLogStatus>, other: Partial<HostLogStatus>): HostLogStatus {
  const arrivals = {
    lastArrival: latest(status.lastArrival, other.lastArrival),
    lastPush: latest(status.lastPush, other.lastPush),
    gaps:
      status.gaps === undefined || other.gaps === undefined ? (status.gaps ?? other.gaps) : status.gaps + other.gaps,
    lastGap: latest(status.lastGap, other.lastGap),
  };
  return { ...status, ...defined(arrivals) };
}

function latest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

function defined(status: Record<string, number | undefined>): Partial<HostLogStatus> {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined));
}
