import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { EventRecord } from '../activations/types.ts';
import type { Sighting } from '../discovery/types.ts';
import { BackOff, type BackOffLimits } from '../kernel/back-off.ts';
import type { Clock } from '../kernel/clock.ts';
import { createFolder } from '../kernel/create-folder.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Logger } from '../kernel/logger.ts';
import { systemRandom } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { MINUTE_MS, type Millis, millis, SECOND_MS, type Seconds, wholeSeconds } from '../kernel/time.ts';
import type { OutboxRow } from './agent-memory/outbox.ts';
import type { Aggregates, IngestSource } from './aggregates.ts';
import { type StoreFailure, storeFailure } from './failure.ts';
import { LatestCount } from './latest-count.ts';
import type { LeaseQuery } from './queries.ts';
import type { StoreSettings } from './settings.ts';
import type { Ingested, LogBookmark, ReportedCounts, Store, Stored, Unread } from './store-types.ts';
import type { Message, ReaderCalls, WriterCalls } from './threads/messages.ts';
import { Thread } from './threads/thread.ts';

export type { Store } from './store-types.ts';

export interface StoreOptions {
  readonly settings: StoreSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between two countings of what ages; a minute unless the clock runs faster than time. */
  readonly tickEvery?: number;
}

/** Records that go to the thread as one text: some milliseconds of the event loop. */
const CHUNK = 1000;
/** Records that may wait for the disk: more would only wait longer. */
const MAX_WAITING = 200_000;
/** Between the end of a writer and the start of the next. */
const RESTARTS: BackOffLimits = { first: SECOND_MS, most: millis(5 * MINUTE_MS) };

/** Opens the database, creating it and its folder where they are missing. @returns what is wrong, and what to do */
export async function openStore(path: string, options: StoreOptions): Promise<Result<Store, string>> {
  const folder = await createFolder(dirname(path));
  if (!folder.ok) return folder;
  const store = new ThreadedStore(path, options);
  const opened = await store.open();
  return opened.ok ? ok(store) : err(`cannot open ${opened.error.text}`);
}

class ThreadedStore implements Store {
  readonly #logger: Logger;
  #writer: Thread<WriterCalls>;
  readonly #startWriter: (settings: StoreSettings) => Thread<WriterCalls>;
  readonly #backOff = new BackOff(RESTARTS, systemRandom);
  #restarting: NodeJS.Timeout | undefined;
  #startedAt = 0;
  readonly #startReader: (settings: StoreSettings) => Thread<ReaderCalls>;
  /** Not before somebody asks: many agents are only ever scraped. */
  #reader: Thread<ReaderCalls> | undefined;
  #settings: StoreSettings;
  readonly #tickEvery: number;
  #ticking: NodeJS.Timeout | undefined;
  #waiting = 0;
  #failure: StoreFailure | undefined;
  #bytes: number | undefined;
  readonly #count: LatestCount;

  constructor(path: string, { settings, clock, logger, tickEvery }: StoreOptions) {
    this.#logger = logger;
    this.#tickEvery = tickEvery ?? MINUTE_MS;
    const now = () => wholeSeconds(clock.now());
    this.#count = new LatestCount(async () => {
      const answer = await this.#writer.call('aggregates');
      return answer.ok ? answer.value : undefined;
    }, now);
    this.#settings = settings;
    this.#startWriter = (latest) =>
      new Thread<WriterCalls>(
        './writer-thread',
        { path, settings: latest, now: now() },
        now,
        (message) => this.#take(message),
        () => this.#restartLater(),
      );
    this.#writer = this.#startWriter(settings);
    this.#startReader = (latest) =>
      new Thread<ReaderCalls>(
        './reader-thread',
        { path, settings: latest, now: now() },
        now,
        () => {},
        // A bug in one question ends the thread; the next question begins another.
        () => (this.#reader = undefined),
      );
  }

  async open(): Promise<Result<undefined, StoreFailure>> {
    const opened = await this.#writer.opened();
    if (!opened.ok) {
      await this.#writer.terminate();
      return opened;
    }
    this.#ticking = setInterval(() => void this.#write('tick'), this.#tickEvery);
    this.#ticking.unref();
    return opened;
  }

  get state() {
    return { up: this.#failure === undefined, bytes: this.#bytes, failure: this.#failure };
  }

  async ingest(source: IngestSource, records: readonly EventRecord[], unread: Unread = NOTHING): Stored<Ingested> {
    if (this.#waiting + records.length > MAX_WAITING && this.#waiting > 0) {
      return err(storeFailure('overloaded', 'too many records are waiting for the disk'));
    }
    this.#waiting += records.length;
    try {
      return await this.#ingest(source, records, unread);
    } finally {
      this.#waiting -= records.length;
    }
  }

  get aggregates(): Aggregates | undefined {
    return this.#count.aggregates;
  }

  count = (patience?: Millis) => this.#count.renew(patience);

  /** In one piece, so that no part of it can fail while a later one, with the bookmark, is taken. */
  async ingestFromLog(source: IngestSource, records: readonly EventRecord[], unread: Unread, bookmark: LogBookmark) {
    this.#waiting += records.length;
    try {
      return await this.#write('ingest', source, JSON.stringify(records), records.length, unread, bookmark);
    } finally {
      this.#waiting -= records.length;
    }
  }

  configure = async (settings: StoreSettings): Stored<undefined> => {
    const taken = await this.#write('configure', settings);
    if (!taken.ok) return taken;
    this.#settings = settings;
    return this.#reader === undefined ? taken : this.#reader.call('configure', settings);
  };

  leases = (query: LeaseQuery) => this.#read().call('leases', query);
  explain = (client: string) => this.#read().call('explain', client);
  recent = (limit: number) => this.#read().call('recent', limit);
  overview = (days: number) => this.#writer.call('overview', days);
  forecast = (days: number) => this.#writer.call('forecast', days);
  retire = (clients: readonly string[]) => this.#write('retire', clients);
  retireSilent = (seconds: number) => this.#write('retireSilent', seconds);
  takeReport = (report: ReportedCounts) => this.#write('takeReport', report);
  logBookmark = (host: HostName) => this.#writer.call('logBookmark', host);
  takeGap = (host: HostName, time: Seconds) => this.#write('takeGap', host, time);
  loadOutbox = () => this.#writer.call('loadOutbox');
  saveOutbox = (receiver: string, put: readonly OutboxRow[], drop: readonly string[]) =>
    this.#write('saveOutbox', receiver, put, drop);
  keepOutbox = (receivers: readonly string[]) => this.#write('keepOutbox', receivers);
  backup = (path: string) => this.#read().call('backup', path);

  async sightings(): Promise<readonly Sighting[]> {
    const loaded = await this.#writer.call('loadSightings');
    if (loaded.ok) return loaded.value;
    this.#logger.error({ error: loaded.error.text }, 'cannot read the store');
    return [];
  }

  async openConditions(): Promise<readonly string[]> {
    const loaded = await this.#writer.call('loadOpenConditions');
    return loaded.ok ? loaded.value : [];
  }

  saveOpenConditions = (conditions: readonly string[]) => this.#write('saveOpenConditions', conditions);

  async saveSightings(sightings: readonly Sighting[], oldest: Millis): Promise<void> {
    await this.#write('saveSightings', sightings, oldest);
  }

  /** Only a bug ends the thread: what it trips over may be gone, and who watches shall not stop remembering for good. */
  #restartLater(): void {
    if (performance.now() - this.#startedAt > 2 * RESTARTS.most) this.#backOff.reset();
    this.#restarting = setTimeout(async () => {
      this.#writer = this.#startWriter(this.#settings);
      const opened = await this.#writer.opened();
      if (opened.ok) await this.#write('tick');
      else if (opened.error.reason !== 'closed') {
        await this.#writer.terminate();
        this.#restartLater();
      }
    }, this.#backOff.next()).unref();
    this.#startedAt = performance.now();
  }

  async close(): Promise<void> {
    clearInterval(this.#ticking);
    clearTimeout(this.#restarting);
    await Promise.all([this.#writer.close(), this.#reader?.close()]);
  }

  #read(): Thread<ReaderCalls> {
    this.#reader ??= this.#startReader(this.#settings);
    return this.#reader;
  }

  /** In chunks, between which the event loop has its turn. */
  async #ingest(source: IngestSource, records: readonly EventRecord[], unread: Unread): Stored<Ingested> {
    const answers: Stored<Ingested>[] = [];
    for (let at = 0; at === 0 || at < records.length; at += CHUNK) {
      if (at > 0) await turn();
      const chunk = records.slice(at, at + CHUNK);
      answers.push(this.#write('ingest', source, JSON.stringify(chunk), chunk.length, at === 0 ? unread : NOTHING));
    }
    let sum: Ingested = { accepted: 0, duplicate: 0, ignored: 0 };
    for (const answer of await Promise.all(answers)) {
      if (!answer.ok) return answer;
      const { accepted, duplicate, ignored } = answer.value;
      sum = {
        accepted: sum.accepted + accepted,
        duplicate: sum.duplicate + duplicate,
        ignored: sum.ignored + ignored,
      };
    }
    return ok(sum);
  }

  #write: Thread<WriterCalls>['call'] = async (name, ...args) => {
    const answer = await this.#writer.call(name, ...args);
    if (answer.ok) {
      if (this.#failure !== undefined) this.#logger.info({}, 'the store is writable again');
      this.#failure = undefined;
      return answer;
    }
    if (this.#failure?.reason !== answer.error.reason) {
      this.#logger.error({ reason: answer.error.reason, error: answer.error.text }, 'cannot write to the store');
    }
    this.#failure = answer.error;
    return answer;
  };

  #take({ version, bytes }: Message): void {
    if (version !== undefined) this.#count.version = version;
    if (bytes !== undefined) this.#bytes = bytes;
  }
}

const NOTHING: Unread = { ignored: 0, rejected: 0 };
