import type { EventRecord } from '../activations/types.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { MINUTE_MS, type Millis, type Seconds, wholeSeconds } from '../kernel/time.ts';
import type { TrustedClock } from '../kernel/trusted-clock.ts';
import type { Aggregates, IngestSource } from './aggregates.ts';
import type { Repaired } from './database/repair.ts';
import { APART, type StoreFailure, storeFailure } from './failure.ts';
import { ingestInChunks, NOTHING_UNREAD } from './ingest-in-chunks.ts';
import { type Count, LatestCount } from './latest-count.ts';
import type { MachineCounts } from './machines/machine-types.ts';
import type { StoreSettings } from './settings.ts';
import { StoreReaders } from './store-readers.ts';
import type { Ingested, LogBookmark, Store, Stored, Unread } from './store-types.ts';
import { StoreWriter } from './store-writer.ts';
import type { BegunThread } from './threads/begin-thread.ts';
import type { ThreadStart } from './threads/messages.ts';
import type { ReaderCalls } from './threads/reader-service.ts';
import type { WriterCalls } from './threads/writer-calls.ts';

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

  takeInventoryPart = this.#write('takeInventoryPart');
  leases = this.#read('leases');
  explain = this.#read('explain');
  keys = this.#read('keys');
  machines = this.#read('machines');
  month = (month: string) => this.#readers.aside('month', month);
  dueMonths = this.#read('dueMonths');
  closeMonth = this.#write('closeMonth');
  takeOutages = this.#write('takeOutages');
  reading = this.#read('reading');
  recent = this.#read('recent');
  overview = this.#ask('overview');
  forecast = this.#ask('forecast');
  planRetirement = this.#ask('planRetirement');
  retire = (clients: readonly string[], by: string) => this.#mark('retire', clients, by, 'machines were retired');
  undoRetirement = (clients: readonly string[], by: string) =>
    this.#mark('undoRetirement', clients, by, 'retirements were taken back');
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
  takeReport = this.#write('takeReport');
  logBookmark = this.#ask('logBookmark');
  takeGap = this.#write('takeGap');
  takeHeard = this.#write('takeHeard');
  loadOutbox = this.#ask('loadOutbox');
  saveOutbox = this.#write('saveOutbox');
  keepOutbox = this.#write('keepOutbox');
  backup = this.#read('backup');
  sightings = this.#ask('loadSightings');
  saveSightings = this.#write('saveSightings');
  forest = this.#ask('loadForest');
  saveForest = this.#write('saveForest');
  openConditions = this.#ask('loadOpenConditions');
  saveOpenConditions = this.#write('saveOpenConditions');

  repair(): Stored<Repaired | undefined> {
    this.#writer.note(err(storeFailure('corrupt', `the database ${this.#path} is being looked through for damage`)));
    return this.#readers.left.then(() => this.#writer.write('repair'));
  }

  async close(): Promise<void> {
    await Promise.all([this.#writer.close(), this.#readers.close()]);
  }

  #read<Name extends keyof ReaderCalls>(name: Name) {
    return (...args: Parameters<ReaderCalls[Name]>) => this.#readers.read(name, ...args);
  }

  /** Asks the writer. */
  #ask<Name extends keyof WriterCalls>(name: Name) {
    return (...args: Parameters<WriterCalls[Name]>) => this.#writer.call(name, ...args);
  }

  #write<Name extends keyof WriterCalls>(name: Name) {
    return (...args: Parameters<WriterCalls[Name]>) => this.#writer.write(name, ...args);
  }

  async #mark(name: 'retire' | 'undoRetirement', clients: readonly string[], by: string, what: string) {
    const done = await this.#writer.write(name, clients);
    if (done.ok) this.#logger.info({ by, machines: done.value.retired }, what);
    return done;
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
