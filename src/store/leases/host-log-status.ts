import type { DatabaseSync } from 'node:sqlite';
import type { EventBody } from '../../activations/types.ts';
import { type Seconds, seconds } from '../../kernel/time.ts';
import { type Asker, addAsker } from '../../leases/askers.ts';
import { historyUnder } from '../../leases/log-history.ts';
import { addContact, type Presence } from '../../leases/presence.ts';
import { Spells, type SpellsSnapshot } from '../../leases/spells.ts';
import type { LeaseClass } from '../../leases/types.ts';
import { num, type Query, query, text } from '../database/rows.ts';
import type { StoredRequest } from '../history/records.ts';

/** The memory of a host's log: first and last times, in seconds since the epoch. */
export interface HostLogStatus {
  firstRecord?: Seconds;
  /** Of 12290 alone. */
  firstRequest?: Seconds;
  lastRequest?: Seconds;
  lastEvent?: Seconds;
  /** When a record of it last came from a subscription or a push, a known one too. */
  lastArrival?: Seconds;
  lastPush?: Seconds;
  /** When it was last known to be read although it had nothing to bring: a subscription was answered, or a report said so. */
  lastHeard?: Seconds;
  historyAt?: Seconds | undefined;
  gaps?: number;
  lastGap?: Seconds;
  /** The newest of them, in any order. */
  gapTimes?: readonly Seconds[];
  /** The newest clients of each class, newest first (`withAsker`). */
  askers?: Partial<Record<LeaseClass, Asker[]>>;
  /** The products that were asked for, by their numbers; kept apart while in memory. */
  asked?: SpellsSnapshot;
  /** When a request of each class, of any result, was among the last 30 days'. */
  classes: Partial<Record<LeaseClass, Presence>>;
  failures: { init?: Seconds; timer?: Seconds };
  dns: Record<string, { failure?: Seconds; success?: Seconds }>;
}

/** A host publishes in the domains that its administrator names; more than these are somebody's play. */
const MAX_DOMAINS = 100;

/** Older gaps are beyond every census that is still looked at. */
const MAX_GAPS = 100;

/** Of a class that is asked for now and then, the newest spells; only those around now are looked at. */
const MAX_SPELLS = 16;

/** The logs of all hosts, in memory and in the database. */
export class HostLogs {
  readonly #status = new Map<number, HostLogStatus>();
  readonly #asked = new Map<number, Spells>();
  readonly #changed = new Set<number>();
  readonly #put: Query;

  /** @param isEmpty begins with nothing, whatever is stored */
  constructor(database: DatabaseSync, isEmpty = false) {
    const stored = isEmpty ? [] : query(database, 'SELECT id, log_status FROM hosts').all();
    for (const [id, status] of stored) {
      const { asked, ...known }: HostLogStatus = { ...emptyStatus(), ...JSON.parse(text(status)) };
      this.#status.set(num(id), known);
      this.#asked.set(num(id), new Spells(asked));
    }
    this.#put = query(database, 'UPDATE hosts SET log_status = ? WHERE id = ?');
  }

  all(): Iterable<[number, HostLogStatus]> {
    return this.#status;
  }

  /** Event time of the newest record of any host; 0: there is none. Seconds since the epoch. */
  newestEvent(): number {
    let newest = 0;
    for (const { lastEvent } of this.#status.values()) newest = Math.max(newest, lastEvent ?? 0);
    return newest;
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
  noteRequest(
    host: number,
    { time, cls, client, product }: Pick<StoredRequest, 'time' | 'cls' | 'client' | 'product'>,
    now: number,
  ): void {
    const status = this.#noteTime(host, time);
    status.firstRequest = seconds(Math.min(status.firstRequest ?? time, time));
    status.lastRequest = seconds(Math.max(status.lastRequest ?? time, time));
    status.askers ??= {};
    status.askers[cls] ??= [];
    addAsker(status.askers[cls], [time, client], now);
    this.asked(host).add(product, time);
    status.classes[cls] = addContact(status.classes[cls] ?? [], time).presence.slice(-MAX_SPELLS);
  }

  /** The products that a host was asked for. */
  asked(host: number): Spells {
    const asked = this.#asked.get(host) ?? new Spells();
    this.#asked.set(host, asked);
    return asked;
  }

  noteHeard(host: number, time: Seconds): void {
    const status = this.edit(host);
    status.lastHeard = seconds(Math.max(status.lastHeard ?? time, time));
  }

  noteGap(host: number, time: Seconds): void {
    const status = this.edit(host);
    status.gaps = (status.gaps ?? 0) + 1;
    status.lastGap = seconds(Math.max(status.lastGap ?? time, time));
    status.gapTimes = [...(status.gapTimes ?? []), time].slice(-MAX_GAPS);
  }

  /** Takes a record of another kind that was not known before. */
  noteNotice(host: number, time: number, body: EventBody): void {
    noteBody(this.#noteTime(host, time), time, body);
  }

  save(): void {
    for (const host of this.#changed) {
      this.#put.run(JSON.stringify({ ...this.of(host), asked: this.asked(host).snapshot }), host);
    }
    this.#changed.clear();
  }

  /** Takes over when records were lost, which is asked while leases are folded. */
  copyGaps(from: HostLogs): void {
    for (const [host, { gapTimes }] of from.all()) if (gapTimes !== undefined) this.edit(host).gapTimes = gapTimes;
  }

  /** Takes over what no record says: when records came, and which were never read. */
  copyArrivals(from: HostLogs): void {
    for (const [host, { lastArrival, lastPush, lastHeard, historyAt, gaps, lastGap, gapTimes }] of from.all()) {
      const arrivals = { lastArrival, lastPush, lastHeard, historyAt, gaps, lastGap, gapTimes };
      Object.assign(this.edit(host), defined(arrivals));
    }
  }

  /**
   * The status of each host, with what came under its other names. It is kept by name, as an alias may go again.
   * @param hostOf the number of the host behind the number of a name
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
    lastHeard: latest(status.lastHeard, other.lastHeard),
    gaps:
      status.gaps === undefined || other.gaps === undefined ? (status.gaps ?? other.gaps) : status.gaps + other.gaps,
    lastGap: latest(status.lastGap, other.lastGap),
    gapTimes: [...(status.gapTimes ?? []), ...(other.gapTimes ?? [])],
  };
  const historyAt = historyUnder(status.historyAt, other.historyAt, status.lastEvent);
  return { ...status, ...defined(arrivals), historyAt };
}

function latest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

function defined(status: Record<string, unknown>): Partial<HostLogStatus> {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined));
}
