import type { Sighting } from '../../discovery/types.ts';
import type { HostName } from '../../kernel/host-name.ts';
import type { Millis, Seconds } from '../../kernel/time.ts';
import type { HostReading } from '../../leases/log-history.ts';
import type { ClientStory, RequestStory } from '../../leases/story.ts';
import type { MachineQuery } from '../../machines/machine-query.ts';
import type { KeysAndProducts } from '../../products/key-table.ts';
import type { OutboxRow } from '../agent-memory/outbox.ts';
import type { Aggregates, IngestSource } from '../aggregates.ts';
import type { Repaired } from '../database/repair.ts';
import type { Erasure } from '../erasure/erasure-types.ts';
import type { StoreFailure } from '../failure.ts';
import type { InventoryPart, InventoryTaken } from '../inventory/inventory-part.ts';
import type { MachineCounts, MachinePage } from '../machines/machine-types.ts';
import type { MonthReport, Outage } from '../months/month-types.ts';
import type { Forecast, ForecastQuestion, LeaseOverview, LeasePage, LeaseQuery } from '../queries.ts';
import type { StoreSettings } from '../settings.ts';
import type {
  ClockTick,
  Ingested,
  LogBookmark,
  LogHeard,
  ReportedCounts,
  Retired,
  RetirementPlan,
  Unread,
} from '../store-types.ts';

/** The calls of the writer thread, with their answers. */
export interface WriterCalls {
  /** Records as JSON: one long text is copied to a thread in no time, and objects are not. */
  ingest(source: IngestSource, records: string, count: number, unread: Unread, bookmark?: LogBookmark): Ingested;
  logBookmark(host: HostName): string | undefined;
  configure(settings: StoreSettings): undefined;
  takeReport(report: ReportedCounts): undefined;
  takeInventoryPart(part: InventoryPart): InventoryTaken | null;
  takeGap(host: HostName, time: Seconds): undefined;
  takeHeard(heard: readonly LogHeard[]): undefined;
  retire(clients: readonly string[]): Retired;
  undoRetirement(clients: readonly string[]): Retired;
  planRetirement(clients: readonly string[], silentFor: number | null): RetirementPlan;
  erase(clients: readonly string[]): Erasure;
  forecast(question: ForecastQuestion): Forecast;
  /** @returns up to when it may be groomed */
  tick(clock?: ClockTick): Seconds | undefined;
  loadClock(): string | undefined;
  repair(): Repaired | undefined;
  aggregates(): Aggregates;
  overview(days: number): LeaseOverview;
  loadSightings(): readonly Sighting[];
  saveSightings(sightings: readonly Sighting[], oldest: Millis): undefined;
  loadOutbox(): readonly (readonly [receiver: string, row: OutboxRow])[];
  saveOutbox(receiver: string, put: readonly OutboxRow[], drop: readonly string[]): undefined;
  keepOutbox(receivers: readonly string[]): undefined;
  loadForest(): readonly HostName[];
  saveForest(domains: readonly HostName[]): undefined;
  loadOpenConditions(): readonly string[];
  saveOpenConditions(conditions: readonly string[]): undefined;
  closeMonth(report: MonthReport): undefined;
  takeOutages(outages: readonly Outage[]): undefined;
  close(): undefined;
}

/** The calls of the reader thread, with their answers. */
export interface ReaderCalls {
  configure(settings: StoreSettings): undefined;
  leases(query: LeaseQuery): LeasePage;
  explain(client: string): ClientStory;
  keys(): KeysAndProducts;
  machines(query: MachineQuery): MachinePage;
  machineCounts(): { readonly counts: MachineCounts; readonly isNewest: boolean };
  month(month: string): MonthReport;
  planErasure(clients: readonly string[]): Erasure;
  dueMonths(): readonly string[];
  reading(): readonly HostReading[];
  recent(limit: number): readonly RequestStory[];
  backup(path: string): undefined;
  close(): undefined;
}

type Asked<Calls> = {
  [Name in keyof Calls]: {
    readonly id: number;
    /** Seconds since the epoch by the agent's clock. */
    readonly now: Seconds;
    /** Whether that may be wrong. */
    readonly inDoubt?: boolean | undefined;
    readonly name: Name;
    readonly args: Calls[Name] extends (...args: infer Args) => unknown ? Args : never;
  };
}[keyof Calls];

export type WriterCall = Asked<WriterCalls>;
export type ReaderCall = Asked<ReaderCalls>;

/** The answer to a call. */
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: StoreFailure };

/** A message from a thread: answers, and the version of the counted data with them, so that no older count is used. */
export interface Message {
  readonly answers: readonly Answer[];
  readonly version?: number;
  /** Bytes of the database. */
  readonly bytes?: number;
}

/** The start of a thread. */
export interface ThreadStart {
  readonly path: string;
  readonly settings: StoreSettings;
  readonly now: Seconds;
}
