import type { DatabaseSync } from 'node:sqlite';
import type { EventRecord } from '../../activations/types.ts';
import type { HostName } from '../../kernel/host-name.ts';
import { type Seconds, seconds } from '../../kernel/time.ts';
import { historyAfter, type LogEdge } from '../../leases/log-history.ts';
import { writeMeta } from '../database/meta.ts';
import { transaction } from '../database/transaction.ts';
import { saveBookmark } from '../history/log-bookmarks.ts';
import { ClientEvents } from '../inventory/client-events.ts';
import type { InventoryPart, InventoryTaken } from '../inventory/inventory-part.ts';
import { type Hear, takeInventoryPart } from '../inventory/take-part.ts';
import { groom, provenTime } from '../leases/groom.ts';
import { ROW_LIMITS } from '../leases/lease-rows.ts';
import { retire, undoRetirement } from '../leases/retire.ts';
import { forgetMonths } from '../months/months.ts';
import type { StoreSettings } from '../settings.ts';
import type { ClockTick, Ingested, LogBookmark, LogHeard, ReportedCounts, Retired } from '../store-types.ts';
import { type Delivery, timesTaken } from './delivery.ts';
import { endImports } from './import-end.ts';
import { LiveLeases } from './live-leases.ts';

/**
 * The work of the writer thread, one call after the other, each in one transaction. Times are seconds since the epoch.
 * A call that throws has changed nothing on disk; the engine is then to be made again.
 */
export class Engine extends LiveLeases {
  readonly #clients: ClientEvents;
  /** The newest record that has come, none later than the time at which it came; 0: none has. */
  #heard = seconds(0);

  constructor(database: DatabaseSync, settings: StoreSettings, now: Seconds, limits = ROW_LIMITS) {
    super(database, settings, now, limits);
    this.#clients = new ClientEvents(database, this.#hear);
  }

  mergeRows(): void {
    transaction(this.database, () => this.state.mergeRows());
  }

  /** Once a minute: tries the disk, and forgets what is not counted any more. @returns up to when it may be groomed */
  tick(now: Seconds, clock?: ClockTick): Seconds | undefined {
    const proven = transaction(this.database, () => {
      writeMeta(this.database, 'tick', String(now));
      return clock && provenTime(this.state, now, clock, this.#heard);
    });
    this.state.prune(now);
    return proven;
  }

  ingest(deliveries: readonly Delivery[], now: Seconds): Ingested[] {
    return this.change(() => deliveries.map((delivery) => this.#take(delivery, now)), now);
  }

  /** All of them in one transaction, and so on disk together. */
  takeReports(reported: readonly ReportedCounts[]): readonly undefined[] {
    const { reports, settings, names } = this.state;
    return this.change(() =>
      reported.map((report) => {
        const host = names.hosts.no(report.host);
        const interval = reports.add(host, report, settings.reportStaleAfter);
        this.tell((projection, { pools }) => {
          for (const pool of pools.ofHost(host)) projection.touchContacts(pool, interval);
        });
        return undefined;
      }),
    );
  }

  takeInventoryPart(part: InventoryPart): InventoryTaken | null {
    return this.change(() => takeInventoryPart(this.database, part, this.#hear) ?? null);
  }

  takeGap(host: HostName, time: Seconds): void {
    this.change(() => this.#noteGap(host, time));
  }

  takeHeard(heard: readonly LogHeard[]): void {
    const { logs, names } = this.state;
    this.change(() => {
      for (const { host, time } of heard) logs.noteHeard(names.hosts.no(host), time);
    });
  }

  retire(clients: readonly string[], now: Seconds): Retired {
    return this.change(() => retire(this.state, clients, (machine) => this.#retireMachine(machine, now)));
  }

  undoRetirement(clients: readonly string[]): Retired {
    return this.change(() => undoRetirement(this.state, clients, (machine) => this.#retireMachine(machine, undefined)));
  }

  /** Forgets a slice of what is too old. @returns whether there is more */
  groom(now: Seconds): boolean {
    if (this.isDeriving) return false;
    return this.change(() => {
      forgetMonths(this.database, now);
      return groom(this.state, now);
    });
  }

  #take({ source, records, unread, bookmark, inDoubt }: Delivery, now: Seconds): Ingested {
    const { settings, counters, logs } = this.state;
    const [oldest, latest] = timesTaken(now, settings.history, inDoubt);
    const taken = records.filter(({ time }) => time >= oldest && time <= latest);
    const ignored = records.length - taken.length;
    let accepted = this.#takeClientEvents(taken);
    const edges = new Map<number, LogEdge>();
    const newest = new Map<number, Seconds>();
    for (const record of taken) {
      if (record.body.kind === 'client') continue;
      const host = this.#host(record.host);
      if (!edges.has(host)) edges.set(host, { ...logs.of(host) });
      if (!this.#takeRecord(record, host, now)) continue;
      accepted++;
      this.#heard = seconds(Math.max(this.#heard, Math.min(record.time, now)));
      newest.set(host, seconds(Math.max(newest.get(host) ?? 0, record.time)));
    }
    for (const [host, edge] of edges) {
      const last = newest.get(host);
      if (last !== undefined) logs.edit(host).historyAt = historyAfter(edge, last, now);
      logs.edit(host).lastArrival = now;
      // An old export says nothing of whether the log is being read.
      if (source === 'http') logs.edit(host).lastPush = now;
    }
    if (bookmark !== undefined) this.#takeBookmark(bookmark, now);
    const duplicate = records.length - accepted - ignored;
    if (records.length === 0) endImports(source, this.database, this.state, now);
    counters.add(`ingest ${source} accepted`, accepted);
    counters.add(`ingest ${source} duplicate`, duplicate);
    counters.add(`ingest ${source} ignored`, ignored + unread.ignored);
    counters.add(`ingest ${source} rejected`, unread.rejected);
    return { accepted, duplicate, ignored };
  }

  /** @returns how many were not known */
  #takeClientEvents(records: readonly EventRecord[]): number {
    let accepted = 0;
    for (const record of records) {
      const { body } = record;
      if (body.kind === 'client' && this.#clients.take(record, body)) accepted++;
    }
    return accepted;
  }

  #takeRecord(record: EventRecord, host: number, now: Seconds): boolean {
    const { body, time } = record;
    const added = this.projection.take(record, host, now);
    // Requests are found again by their numbers, notices are not.
    if (added && body.kind !== 'request') this.tellLater((_, { logs }) => logs.noteNotice(host, time, body));
    return added;
  }

  /** A log that was read was heard from, although there may have been nothing in it. */
  #takeBookmark(bookmark: LogBookmark, now: Seconds): void {
    const { names, logs } = this.state;
    saveBookmark(this.database, bookmark);
    logs.edit(names.hosts.no(bookmark.host)).lastArrival = now;
    if (bookmark.gap !== undefined) this.#noteGap(bookmark.host, bookmark.gap);
  }

  /** The word of a client about itself changes its lease. */
  readonly #hear: Hear = (machine, activationId, report) => {
    this.projection.heard.hear(machine, activationId, report);
    this.tellLater(({ heard }) => heard.hearAgain(machine));
  };

  #noteGap(host: HostName, time: Seconds): void {
    const no = this.state.names.hosts.no(host);
    this.tell((projection, { logs }) => {
      logs.noteGap(no, time);
      projection.touchGap(no, time);
    });
  }

  #host(name: HostName): number {
    return this.state.names.hosts.no(this.state.settings.aliases[name] ?? name);
  }

  /** @param time undefined takes a retirement back */
  #retireMachine(machine: number, time: Seconds | undefined): void {
    this.tell((projection, { exclusions }) => {
      if (time === undefined) exclusions.restore(machine);
      else exclusions.retire(machine, time);
      projection.touchMachine(machine);
    });
  }
}
