import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { EventRecord } from '../activations/types.ts';
import type { Sighting } from '../discovery/types.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { MINUTE_MS } from '../kernel/time.ts';
import type { Aggregates, IngestSource } from './aggregates.ts';
import { type StoreFailure, storeFailure } from './failure.ts';
import { createFolder } from './folder.ts';
import type { Message, ReaderCalls, WriterCalls } from './messages.ts';
import type { OutboxRow } from './outbox.ts';
import type { LeaseQuery } from './queries.ts';
import type { StoreSettings } from './settings.ts';
import type { Ingested, LogPlace, ReportedCounts, Store, Stored, Unread } from './store-types.ts';
import { Thread } from './thread.ts';

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
const SOONEST_RESTART_MS = 1000;
const LATEST_RESTART_MS = 5 * MINUTE_MS;

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
  /** Milliseconds until a writer that has ended is started again. */
  #patience = SOONEST_RESTART_MS;
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
  /** Leases wait to be written, so that readers see them. */
  #isBehind = false;
  aggregates: Aggregates | undefined;

  constructor(path: string, { settings, clock, logger, tickEvery }: StoreOptions) {
    this.#logger = logger;
    this.#tickEvery = tickEvery ?? MINUTE_MS;
    const now = () => Math.floor(clock.now() / 1000);
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
      new Thread<ReaderCalls>('./reader-thread', { path, settings: latest, now: now() }, now, () => {});
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

  /** In one piece, so that no part of it can fail while a later one, with the place, is taken. */
  async readLog(source: IngestSource, records: readonly EventRecord[], unread: Unread, place: LogPlace) {
    this.#waiting += records.length;
    try {
      return await this.#write('ingest', source, JSON.stringify(records), records.length, unread, place);
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

  leases = async (query: LeaseQuery) => (await this.#read()).call('leases', query);
  explain = async (client: string) => (await this.#read()).call('explain', client);
  recent = async (limit: number) => (await this.#read()).call('recent', limit);
  overview = async (days: number) => (await this.#read()).call('overview', days);
  forecast = (days: number) => this.#writer.call('forecast', days);
  retire = (clients: readonly string[]) => this.#write('retire', clients);
  retireSilent = (seconds: number) => this.#write('retireSilent', seconds);
  takeReport = (report: ReportedCounts) => this.#write('takeReport', report);
  logPlace = (host: string) => this.#writer.call('logPlace', host);
  takeGap = (host: string, time: number) => this.#write('takeGap', host, time);
  loadOutbox = () => this.#writer.call('loadOutbox');
  saveOutbox = (receiver: string, put: readonly OutboxRow[], drop: readonly string[]) =>
    this.#write('saveOutbox', receiver, put, drop);
  keepOutbox = (receivers: readonly string[]) => this.#write('keepOutbox', receivers);
  backup = async (path: string) => (await this.#read()).call('backup', path);

  async sightings(): Promise<readonly Sighting[]> {
    const loaded = await this.#writer.call('loadSightings');
    if (loaded.ok) return loaded.value;
    this.#logger.error({ error: loaded.error.text }, 'the store cannot be read');
    return [];
  }

  async openConditions(): Promise<readonly string[]> {
    const loaded = await this.#writer.call('loadOpenConditions');
    return loaded.ok ? loaded.value : [];
  }

  saveOpenConditions = (conditions: readonly string[]) => this.#write('saveOpenConditions', conditions);

  async saveSightings(sightings: readonly Sighting[], oldest: number): Promise<void> {
    await this.#write('saveSightings', sightings, oldest);
  }

  /** Only a bug ends the thread: what it trips over may be gone, and who watches shall not stop remembering for good. */
  #restartLater(): void {
    if (performance.now() - this.#startedAt > 2 * LATEST_RESTART_MS) this.#patience = SOONEST_RESTART_MS;
    this.#restarting = setTimeout(async () => {
      this.#writer = this.#startWriter(this.#settings);
      const opened = await this.#writer.opened();
      if (opened.ok) await this.#write('tick');
      else if (opened.error.reason !== 'closed') {
        await this.#writer.terminate();
        this.#restartLater();
      }
    }, this.#patience).unref();
    this.#patience = Math.min(this.#patience * 2, LATEST_RESTART_MS);
    this.#startedAt = performance.now();
  }

  async close(): Promise<void> {
    clearInterval(this.#ticking);
    clearTimeout(this.#restarting);
    await Promise.all([this.#writer.close(), this.#reader?.close()]);
  }

  /** The reader, when all that was answered can be seen; where it cannot be written, what is there is shown. */
  async #read(): Promise<Thread<ReaderCalls>> {
    this.#reader ??= this.#startReader(this.#settings);
    if (this.#isBehind) await this.#write('settle');
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
      if (this.#failure !== undefined) this.#logger.info({}, 'the store can be written again');
      this.#failure = undefined;
      return answer;
    }
    if (this.#failure?.reason !== answer.error.reason) {
      this.#logger.error({ reason: answer.error.reason, error: answer.error.text }, 'the store cannot be written');
    }
    this.#failure = answer.error;
    return answer;
  };

  #take({ aggregates, bytes, behind }: Message): void {
    if (behind !== undefined) this.#isBehind = behind;
    if (aggregates !== undefined) this.aggregates = aggregates;
    if (bytes !== undefined) this.#bytes = bytes;
  }
}

const NOTHING: Unread = { ignored: 0, rejected: 0 };
