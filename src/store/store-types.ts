import type { EventRecord } from '../activations/types.ts';
import type { Sighting } from '../discovery/types.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Result } from '../kernel/result.ts';
import type { Millis, Seconds } from '../kernel/time.ts';
import type { ClientStory, RequestStory } from '../leases/story.ts';
import type { Pool } from '../leases/types.ts';
import type { OutboxRow } from './agent-memory/outbox.ts';
import type { Aggregates, IngestSource } from './aggregates.ts';
import type { StoreFailure } from './failure.ts';
import type { Forecast, LeaseOverview, LeasePage, LeaseQuery } from './queries.ts';
import type { StoreSettings } from './settings.ts';

export type Stored<T> = Promise<Result<T, StoreFailure>>;

/** What came of some records. */
export interface Ingested {
  readonly accepted: number;
  /** Known already. */
  readonly duplicate: number;
  /** Older than the history, or more than a day in the future. */
  readonly ignored: number;
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
  /** What the reader needs to go on from there: text that means something to it alone. */
  readonly bookmark: string;
  /** When records before were found to be lost, seconds since the epoch. */
  readonly gap?: Seconds | undefined;
}

/** What a host said of itself. */
export interface ReportedCounts {
  /** Its one name: aliases are folded by whoever asked it. */
  readonly host: HostName;
  /** Seconds since the epoch. */
  readonly time: Seconds;
  /** The smallest of the pool's keys that is a value; undefined for none. */
  readonly counts: Readonly<Record<Pool, number | undefined>>;
  /** Seconds, as the host tells its clients. */
  readonly activationInterval: Seconds | undefined;
}

export interface Retired {
  /** Machines as they were named. */
  readonly retired: readonly string[];
  /** Names that no record has. */
  readonly unknown: readonly string[];
}

/** What can be asked and done from outside the agent too, over its socket (`StoreClient`). */
export interface StoreAccess {
  /**
   * Takes records. The answer comes after they are on disk and visible to every reader.
   * A failure means that none is known to be taken: all may be sent again.
   */
  ingest(source: IngestSource, records: readonly EventRecord[], unread?: Unread): Stored<Ingested>;
  leases(query: LeaseQuery): Stored<LeasePage>;
  /** @param client a machine's name, bare or full */
  explain(client: string): Stored<ClientStory>;
  /** @param days ahead, 1 to 400 */
  forecast(days: number): Stored<Forecast>;
  /** The newest requests of all, newest first. @param limit 1 to 1000 */
  recent(limit: number): Stored<readonly RequestStory[]>;
  /** Marks machines as decommissioned: their leases count nowhere until they ask again. */
  retire(clients: readonly string[]): Stored<Retired>;
  /** Retires every machine that has been silent for so many seconds. */
  retireSilent(seconds: Seconds): Stored<Retired>;
}

/** What the agent remembers. Every call is asynchronous, and a failure is a value that shows in `state` too. */
export interface Store extends StoreAccess {
  /** `failure` is set while the store is not up. `bytes`: size of the database with its log. */
  readonly state: {
    readonly up: boolean;
    readonly bytes: number | undefined;
    readonly failure?: StoreFailure | undefined;
  };
  /** The answer of the last `count`; undefined before the first. */
  readonly aggregates: Aggregates | undefined;
  /**
   * Counts everything that was acknowledged so far, unless nothing has changed within the minute.
   * @param patience how long to wait, a second by default; then the last answer is returned
   */
  count(patience?: Millis): Promise<Aggregates | undefined>;
  /** @param days ahead, 1 to 400 */
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
  /** Writes a copy of the database while it is in use. @param path of a file that does not exist yet */
  backup(path: string): Stored<undefined>;
  /** What domains published in earlier runs; nothing when it cannot be read. */
  sightings(): Promise<readonly Sighting[]>;
  /** @param oldest sightings from before (milliseconds since the epoch) are forgotten */
  saveSightings(sightings: readonly Sighting[], oldest: Millis): Promise<void>;
  /** What receivers of notifications have been told, by the key of the receiver. */
  loadOutbox(): Stored<readonly (readonly [receiver: string, row: OutboxRow])[]>;
  /** @param drop fingerprints */
  saveOutbox(receiver: string, put: readonly OutboxRow[], drop: readonly string[]): Stored<undefined>;
  /** Forgets every other receiver. */
  keepOutbox(receivers: readonly string[]): Stored<undefined>;
  /** The conditions that were open in the last run, a text each, in their order; none when they cannot be read. */
  openConditions(): Promise<readonly string[]>;
  saveOpenConditions(conditions: readonly string[]): Stored<undefined>;
  close(): Promise<void>;
}
