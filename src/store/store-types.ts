import type { EventRecord } from '../activations/types.ts';
import type { Sighting } from '../discovery/types.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Result } from '../kernel/result.ts';
import type { Millis, Seconds } from '../kernel/time.ts';
import type { HostReading } from '../leases/log-history.ts';
import type { KeyCount } from '../leases/reported.ts';
import type { ClientStory, RequestStory } from '../leases/story.ts';
import type { MachineQuery } from '../machines/machine-query.ts';
import type { KeysAndProducts, ReportedKey } from '../products/key-table.ts';
import type { OutboxRow } from './agent-memory/outbox.ts';
import type { Aggregates, IngestSource } from './aggregates.ts';
import type { Repaired } from './database/repair.ts';
import type { Erasure } from './erasure/erasure-types.ts';
import type { StoreFailure } from './failure.ts';
import type { InventoryPart, InventoryTaken } from './inventory/inventory-part.ts';
import type { MachineCounts, MachinePage } from './machines/machine-types.ts';
import type { MonthReport, Outage } from './months/month-types.ts';
import type { Forecast, ForecastQuestion, LeaseOverview, LeasePage, LeaseQuery } from './queries.ts';
import type { StoreSettings } from './settings.ts';

export type Stored<T> = Promise<Result<T, StoreFailure>>;

/** The outcome for a batch of records. */
export interface Ingested {
  readonly accepted: number;
  /** Known already. */
  readonly duplicate: number;
  /** Older than the history, or more than a day in the future. */
  readonly ignored: number;
}

/** Of the clock of the agent. */
export interface ClockTick {
  /** For the next run. */
  readonly memory: string;
  /** Seconds that have passed over all runs, by the monotonic clock. */
  readonly lived: Seconds;
}

/** Records that the reader of a form could not use, to be counted with the others. */
export interface Unread {
  readonly ignored: number;
  readonly rejected: number;
}

/** Up to where the log of a host has been read. */
export interface LogBookmark {
  /** Its one name. */
  readonly host: HostName;
  /** The place from which the reader continues: text that only the reader understands. */
  readonly bookmark: string;
  /** When records before were found to be lost, seconds since the epoch. */
  readonly gap?: Seconds | undefined;
}

/** A log that had nothing to bring when it was asked. */
export interface LogHeard {
  /** The one name of its host. */
  readonly host: HostName;
  /** When it was asked, seconds since the epoch. */
  readonly time: Seconds;
}

/** The report of a host about itself. */
export interface ReportedCounts {
  /** Its canonical name: the caller knows aliases. */
  readonly host: HostName;
  /** Seconds since the epoch. */
  readonly time: Seconds;
  /** The count of each of its KMS host keys. */
  readonly counts: readonly KeyCount[];
  /** Seconds, as the host tells its clients. */
  readonly activationInterval: Seconds | undefined;
  /** Caption of its Windows. */
  readonly os?: string | undefined;
  /** Its KMS host keys; undefined if nothing is known of them. */
  readonly keys?: readonly ReportedKey[] | undefined;
}

export interface Retired {
  /** Machines as they were named. */
  readonly retired: readonly string[];
  /** Names that no record has. */
  readonly unknown: readonly string[];
}

/** The effect that a retirement would have. */
export interface RetirementPlan {
  readonly names: readonly string[];
  readonly unknown: readonly string[];
  /** Leases that would count nowhere, and those of them that have lapsed, or lapse within `leases.warn`. */
  readonly leases: number;
  readonly lapses: number;
  /** Machines that count now. */
  readonly estate: number;
}

/** The calls that commands can make too, over the socket (`StoreClient`). */
export interface StoreAccess {
  /**
   * Takes records. The answer comes after they are on disk and visible to every reader.
   * A failure means that none is known to be taken: all may be sent again.
   * @param records none, from `import`: it has ended, and nothing more of these logs is coming
   */
  ingest(source: IngestSource, records: readonly EventRecord[], unread?: Unread): Stored<Ingested>;
  /** Takes a part of a snapshot of an inventory (`takeInventory` cuts it). @returns null while more parts follow */
  takeInventoryPart(part: InventoryPart): Stored<InventoryTaken | null>;
  leases(query: LeaseQuery): Stored<LeasePage>;
  /** @param client a machine's name, bare or full */
  explain(client: string): Stored<ClientStory>;
  /** @param question 1 to 400 days ahead */
  forecast(question: ForecastQuestion): Stored<Forecast>;
  /** The keys of hosts, and the products that clients ask for. */
  keys(): Stored<KeysAndProducts>;
  /** Machines with their verdicts, by name. */
  machines(query: MachineQuery): Stored<MachinePage>;
  /** A month for an auditor. @param month `2026-10` */
  month(month: string): Stored<MonthReport>;
  /** The hosts whose history is still coming in: all answers rest on a part of their logs. */
  reading(): Stored<readonly HostReading[]>;
  /** The newest requests of all, newest first. @param limit 1 to 1000 */
  recent(limit: number): Stored<readonly RequestStory[]>;
  /** Marks machines as decommissioned: their leases count nowhere until they ask again. */
  retire(clients: readonly string[], by: string): Stored<Retired>;
  /** Takes that back. @returns as `retired` those that were, as `unknown` all others */
  undoRetirement(clients: readonly string[], by: string): Stored<Retired>;
  /** Everything that `erase` would erase of these machines. */
  planErasure(clients: readonly string[]): Stored<Erasure>;
  /** Erases all that is kept of machines: names, records, leases, rows of inventories. */
  erase(clients: readonly string[], by: string): Stored<Erasure>;
  /** The effect of retiring these, and every machine that has been silent for that many seconds; changes nothing. */
  planRetirement(clients: readonly string[], silentFor: Seconds | null): Stored<RetirementPlan>;
}

/** The memory of the agent. Every call is asynchronous, and a failure is a value that shows in `state` too. */
export interface Store extends StoreAccess {
  /** `failure` is set while the store is not up. `bytes`: size of the database with its log. */
  readonly state: {
    readonly up: boolean;
    readonly bytes: number | undefined;
    readonly failure?: StoreFailure | undefined;
  };
  /** The answer of the last `count`; undefined before the first. */
  readonly aggregates: Aggregates | undefined;
  /** All machines by their verdicts, as of the last `count`. */
  readonly machineCounts: MachineCounts | undefined;
  /**
   * Counts everything that was acknowledged so far, unless nothing has changed within the minute.
   * @param patience how long to wait, a second by default; then the last answer is returned
   */
  count(patience?: Millis): Promise<Aggregates | undefined>;
  /** @param question 1 to 400 days ahead */
  overview(days: number): Stored<LeaseOverview>;
  /**
   * Takes a new configuration. If leases have to be derived again, the answer comes once they are; until then, senders
   * and readers use the leases as they were.
   */
  configure(settings: StoreSettings): Stored<undefined>;
  takeReport(report: ReportedCounts): Stored<undefined>;
  /** Takes records of one log and the bookmark after them, both or neither. @param records at most some thousand */
  ingestFromLog(
    source: IngestSource,
    records: readonly EventRecord[],
    unread: Unread,
    bookmark: LogBookmark,
  ): Stored<Ingested>;
  /** The bookmark that was taken last; undefined if the log of the host was never read. */
  logBookmark(host: HostName): Stored<string | undefined>;
  /** @param host its one name @param time when a subscription found that records before it were overwritten, seconds since the epoch */
  takeGap(host: HostName, time: Seconds): Stored<undefined>;
  /** Notes when logs were last heard from that had nothing to bring. */
  takeHeard(heard: readonly LogHeard[]): Stored<undefined>;
  /** Looks for damage, and saves what can be read; undefined if nothing is damaged. Nothing else is answered meanwhile. */
  repair(): Stored<Repaired | undefined>;
  /** Writes a copy of the database while it is in use. @param path of a file that does not exist yet */
  backup(path: string): Stored<undefined>;
  /** The hosts that domains published in earlier runs. */
  sightings(): Stored<readonly Sighting[]>;
  /** @param oldest sightings from before (milliseconds since the epoch) are forgotten */
  saveSightings(sightings: readonly Sighting[], oldest: Millis): Stored<undefined>;
  /** The alerts that receivers know of, by the key of the receiver. */
  loadOutbox(): Stored<readonly (readonly [receiver: string, row: OutboxRow])[]>;
  /** @param drop fingerprints */
  saveOutbox(receiver: string, put: readonly OutboxRow[], drop: readonly string[]): Stored<undefined>;
  /** Forgets every other receiver. */
  keepOutbox(receivers: readonly string[]): Stored<undefined>;
  /** Months that can be closed now, the oldest first. */
  dueMonths(): Stored<readonly string[]>;
  /** Keeps a month as it is from now on. */
  closeMonth(report: MonthReport): Stored<undefined>;
  /** Takes what is down now. */
  takeOutages(outages: readonly Outage[]): Stored<undefined>;
  /** Domains that the directory named last. */
  forest(): Stored<readonly HostName[]>;
  saveForest(domains: readonly HostName[]): Stored<undefined>;
  /** The conditions that were open in the last run, a text each, in their order. */
  openConditions(): Stored<readonly string[]>;
  saveOpenConditions(conditions: readonly string[]): Stored<undefined>;
  close(): Promise<void>;
}
