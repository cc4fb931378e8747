import type { EventRecord } from '../activations/types.ts';
import type { Sighting } from '../discovery/types.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Logger } from '../kernel/logger.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { MINUTE_MS, type Millis, type Seconds, wholeSeconds } from '../kernel/time.ts';
import type { TrustedClock } from '../kernel/trusted-clock.ts';
import type { MachineQuery } from '../machines/machine-query.ts';
import type { OutboxRow } from './agent-memory/outbox.ts';
import type { Aggregates, IngestSource } from './aggregates.ts';
import type { Repaired } from './database/repair.ts';
import { APART, type StoreFailure, storeFailure } from './failure.ts';
import { ingestInChunks, NOTHING_UNREAD } from './ingest-in-chunks.ts';
import type { InventoryPart } from './inventory/inventory-part.ts';
import { type Count, LatestCount } from './latest-count.ts';
import type { MachineCounts } from './machines/machine-types.ts';
import type { MonthReport, Outage } from './months/month-types.ts';
import type { ForecastQuestion, LeaseQuery } from './queries.ts';
import type { StoreSettings } from './settings.ts';
import { StoreReaders } from './store-readers.ts';
import type { Ingested, LogBookmark, LogHeard, ReportedCounts, Store, Stored, Unread } from './store-types.ts';
import { StoreWriter } from './store-writer.ts';
import type { BegunThread } from './threads/begin-thread.ts';
import type { ThreadStart } from './threads/messages.ts';

export type { Store } from './store-types.ts';

export interface StoreOptions {
  readonly settings: StoreSettings;
  readonly clock: Clock;
  /** The same, if it is to hear the times of records. */
  readonly trusted?: TrustedClock | undefined;
  readonly logger: Logger;
  /** Milliseconds between two looks at the disk and the clock, after which what is old is forgotten; a minute unless time runs faster. */
  readonly tickEvery?: number;
  /** Begins without a database that cannot be opened now, and tries again; unless another kmswatch holds it. */
  readonly isTolerant?: boolean;
  /** The writer's thread, if it was begun before. */
  readonly begun?: BegunThread | undefined;
}

/** Records that may wait for the disk: more would only wait longer. */
const MAX_WAITING = 200_000;

/** Opens the database, creating it and its folder where they are missing. @returns what is wrong, and what to do */
export async function openStore(path: string, options: StoreOptions): Promise<Result<Store, string>> {
  const store = new ThreadedStore(path, options);
  const opened = await store.open(options.isTolerant === true);
  return opened.ok ? ok(store) : err(`the store cannot be used: ${opened.error.text}`);
}

class ThreadedStore implements Store {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #trusted: TrustedClock | undefined;
  readonly #now: () => Seconds;
  readonly #count: LatestCount<Aggregates>;
  readonly #machines: LatestCount<MachineCounts>;
  /** Of what the writer would count now. */
  #version: number | undefined;
  #settings: StoreSettings;
  readonly #readers: StoreReaders;
  readonly #writer: StoreWriter;
  #waiting = 0;

  constructor(path: string, { settings, clock, trusted, logger, tickEvery = MINUTE_MS, begun }: StoreOptions) {
    this.#path = path;
    this.#trusted = trusted;
    this.#logger = logger;
    this.#now = () => wholeSeconds(clock.now());
    const known = { version: () => this.#version, now: this.#now };
    this.#count = new LatestCount({ ...known, count: () => this.#countLeases() });
    this.#machines = new LatestCount({ ...known, count: () => this.#countMachines() });
    this.#settings = settings;
    const thread = { start: () => this.#start, time: this.#time, logger };
    this.#readers = new StoreReaders({ ...thread, closed: () => this.#closed });
    this.#writer = new StoreWriter({
      ...thread,
      ...{ trusted, tickEvery, begun },
      onVersion: (version) => {
        this.#version = version;
      },
      onApart: () => this.#readers.leave(),
      left: () => this.#readers.left,
    });
  }

  open(isTolerant: boolean): Promise<Result<undefined, StoreFailure>> {
    return this.#writer.open(isTolerant);
  }

  get state() {
    const { failure, bytes } = this.#writer;
    return { up: failure === undefined, bytes, failure };
  }

  async ingest(
    source: IngestSource,
    records: readonly EventRecord[],
    unread: Unread = NOTHING_UNREAD,
  ): Stored<Ingested> {
    if (this.#waiting + records.length > MAX_WAITING && this.#waiting > 0) {
      return err(storeFailure('overloaded', 'too many records are waiting for the disk'));
    }
    if (source !== 'import') this.#trusted?.hear(records.filter(({ body }) => body.kind !== 'client'));
    return this.#whileWaiting(records.length, () =>
      ingestInChunks(records, unread, (...part) => this.#writer.write('ingest', source, ...part)),
    );
  }

  get aggregates(): Aggregates | undefined {
    return this.#count.value;
  }

  get machineCounts(): MachineCounts | undefined {
    return this.#machines.value;
  }

  async count(patience?: Millis): Promise<Aggregates | undefined> {
    await Promise.all([this.#count.renew(patience), this.#machines.renew(patience)]);
    return this.aggregates;
  }

  /** In one piece, so that no part of it can fail while a later one, with the bookmark, is taken. */
  ingestFromLog = (source: IngestSource, records: readonly EventRecord[], unread: Unread, bookmark: LogBookmark) =>
    this.#whileWaiting(records.length, () => {
      this.#trusted?.hear(records.filter(({ body }) => body.kind !== 'client'));
      return this.#writer.write('ingest', source, JSON.stringify(records), records.length, unread, bookmark);
    });

  configure = async (settings: StoreSettings): Stored<undefined> => {
    this.#settings = settings;
    const taken = await this.#writer.write('configure', settings);
    // It can be applied when the database can be opened again.
    const read = await this.#readers.configure(settings);
    return taken.ok ? read : taken;
  };

  takeInventoryPart = (part: InventoryPart) => this.#writer.write('takeInventoryPart', part);
  leases = (query: LeaseQuery) => this.#readers.read('leases', query);
  explain = (client: string) => this.#readers.read('explain', client);
  keys = () => this.#readers.read('keys');
  machines = (query: MachineQuery) => this.#readers.read('machines', query);
  month = (month: string) => this.#readers.aside('month', month);
  dueMonths = () => this.#readers.read('dueMonths');
  closeMonth = (report: MonthReport) => this.#writer.write('closeMonth', report);
  takeOutages = (outages: readonly Outage[]) => this.#writer.write('takeOutages', outages);
  reading = () => this.#readers.read('reading');
  recent = (limit: number) => this.#readers.read('recent', limit);
  overview = (days: number) => this.#writer.call('overview', days);
  forecast = (question: ForecastQuestion) => this.#writer.call('forecast', question);
  retire = async (clients: readonly string[], by: string) => {
    const done = await this.#writer.write('retire', clients);
    if (done.ok) this.#logger.info({ by, machines: done.value.retired }, 'machines were retired');
    return done;
  };
  undoRetirement = async (clients: readonly string[], by: string) => {
    const done = await this.#writer.write('undoRetirement', clients);
    if (done.ok) this.#logger.info({ by, machines: done.value.retired }, 'retirements were taken back');
    return done;
  };
  planErasure = (clients: readonly string[]) => this.#readers.aside('planErasure', clients);
  erase = async (clients: readonly string[], by: string) => {
    const done = await this.#writer.write('erase', clients);
    if (!done.ok) return done;
    const { records, leases, rows, machines } = done.value;
    this.#logger.info(
      { by, machines: machines.map(({ asked }) => asked), records, leases, rows },
      'machines were erased',
    );
    return done;
  };
  planRetirement = (clients: readonly string[], silentFor: Seconds | null) =>
    this.#writer.call('planRetirement', clients, silentFor);
  takeReport = (report: ReportedCounts) => this.#writer.write('takeReport', report);
  logBookmark = (host: HostName) => this.#writer.call('logBookmark', host);
  takeGap = (host: HostName, time: Seconds) => this.#writer.write('takeGap', host, time);
  takeHeard = (heard: readonly LogHeard[]) => this.#writer.write('takeHeard', heard);
  loadOutbox = () => this.#writer.call('loadOutbox');
  saveOutbox = (receiver: string, put: readonly OutboxRow[], drop: readonly string[]) =>
    this.#writer.write('saveOutbox', receiver, put, drop);
  keepOutbox = (receivers: readonly string[]) => this.#writer.write('keepOutbox', receivers);
  backup = (path: string) => this.#readers.read('backup', path);

  repair(): Stored<Repaired | undefined> {
    this.#writer.note(err(storeFailure('corrupt', `the database ${this.#path} is being looked through for damage`)));
    return this.#readers.left.then(() => this.#writer.write('repair'));
  }

  sightings = () => this.#writer.call('loadSightings');
  saveSightings = (sightings: readonly Sighting[], oldest: Millis) =>
    this.#writer.write('saveSightings', sightings, oldest);
  forest = () => this.#writer.call('loadForest');
  saveForest = (domains: readonly HostName[]) => this.#writer.write('saveForest', domains);
  openConditions = () => this.#writer.call('loadOpenConditions');
  saveOpenConditions = (conditions: readonly string[]) => this.#writer.write('saveOpenConditions', conditions);

  async close(): Promise<void> {
    await Promise.all([this.#writer.close(), this.#readers.close()]);
  }

  /** A reader would read files that are not those of the writer, or tables that are not there yet. */
  get #closed(): StoreFailure | undefined {
    const { failure } = this.#writer;
    return failure && (APART.has(failure.reason) || this.#version === undefined) ? failure : undefined;
  }

  async #countLeases(): Promise<Count<Aggregates> | undefined> {
    const answer = await this.#writer.call('aggregates');
    // The writer has set the version before it answered.
    return answer.ok ? { value: answer.value, version: this.#version } : undefined;
  }

  /** Without records and lists there is nothing to join, and no need for the reader. */
  async #countMachines(): Promise<Count<MachineCounts> | undefined> {
    if (!this.#readers.areInUse && !this.aggregates?.hasMachines) return undefined;
    // What is committed while the reader counts may be in its count or not.
    const version = this.#version;
    const answer = await this.#readers.read('machineCounts');
    if (!answer.ok) return undefined;
    const { counts, isNewest } = answer.value;
    return { value: counts, version: isNewest ? version : undefined };
  }

  readonly #time = () => ({ now: this.#now(), inDoubt: this.#trusted?.isInDoubt });

  get #start(): ThreadStart {
    return { path: this.#path, settings: this.#settings, now: this.#now() };
  }

  async #whileWaiting<T>(records: number, work: () => Promise<T>): Promise<T> {
    this.#waiting += records;
    try {
      return await work();
    } finally {
      this.#waiting -= records;
    }
  }
}
