import { performance } from 'node:perf_hooks';
import type { DatabaseSync } from 'node:sqlite';
import type { EventRecord } from '../activations/types.ts';
import type { Aggregates } from './aggregates.ts';
import { lockFor, openForWriting, otherAgent, sizeOf, toFailure } from './database.ts';
import { Engine, transaction } from './engine.ts';
import type { StoreFailure } from './failure.ts';
import { loadPlace } from './log-places.ts';
import type { Answer, Message, ThreadStart, WriterCall } from './messages.ts';
import { loadOpenConditions, saveOpenConditions } from './open-conditions.ts';
import { keepOutbox, loadOutbox, saveOutbox } from './outbox.ts';
import type { StoreSettings } from './settings.ts';
import { loadSightings, saveSightings } from './sightings.ts';

/** Records of one commit: more make it slower for its senders, and not quicker for all. */
const BATCH = 4000;
/** Opening a large database takes a while: so many times as long passes until it is tried again. */
const PATIENCE = 3;

/** Calls after which the aggregates are what they were. */
const LEAVES_LEASES: ReadonlySet<WriterCall['name']> = new Set([
  'logPlace',
  'loadSightings',
  'saveSightings',
  'loadOpenConditions',
  'saveOpenConditions',
  'loadOutbox',
  'saveOutbox',
  'keepOutbox',
  'forecast',
  'settle',
]);

/** Milliseconds without a call until leases are written that were held back. */
const SETTLE_AFTER_MS = 200;

/**
 * Milliseconds between two commits of reports, and between two pictures while logs are read. The hosts of a round answer
 * one after the other, and a picture of all of them for each would be most of the work, and of the garbage.
 */
const PICTURE_EVERY_MS = 250;

type Ingest = Extract<WriterCall, { readonly name: 'ingest' }>;
type TakeReport = Extract<WriterCall, { readonly name: 'takeReport' }>;

const isLogRead = (call: WriterCall): boolean => call.name === 'ingest' && call.args[4] !== undefined;
const isReport = (call: WriterCall): call is TakeReport => call.name === 'takeReport';

/** The writer thread's work, call by call. Senders that wait together share one commit. */
export class WriterService {
  readonly #path: string;
  readonly #post: (message: Message) => void;
  readonly #queue: WriterCall[] = [];
  #settings: StoreSettings;
  #lock: DatabaseSync | undefined;
  #database: DatabaseSync | undefined;
  #engine: Engine | undefined;
  #failed: { readonly failure: StoreFailure; readonly at: number } | undefined;
  #isBusy = false;
  #settling: NodeJS.Timeout | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #picturing: NodeJS.Timeout | undefined;
  #reportsTakenAt = Number.NEGATIVE_INFINITY;
  #picturedAt = Number.NEGATIVE_INFINITY;
  /** Seconds since the epoch, by the last call. */
  #now = 0;
  /** Milliseconds that the last opening took. */
  #opening = 0;

  constructor({ path, settings }: ThreadStart, post: (message: Message) => void) {
    this.#path = path;
    this.#settings = settings;
    this.#post = post;
  }

  /** Opens the database. @returns why it cannot be */
  start(now: number): StoreFailure | undefined {
    try {
      const engine = this.#open(now);
      this.#post({ answers: [{ id: 0, value: undefined }], aggregates: engine.aggregates(now), bytes: this.#bytes() });
      return undefined;
    } catch (error) {
      const failure = this.#fail(error);
      this.#lock?.close();
      return failure;
    }
  }

  take(call: WriterCall): void {
    // Somebody waits to read what was answered long ago.
    if (call.name === 'settle') this.#queue.unshift(call);
    else this.#queue.push(call);
    if (!this.#isBusy) this.#goOn();
  }

  /** In turns, so that what has arrived meanwhile is in the queue when the next batch is made. */
  #goOn(): void {
    this.#isBusy = true;
    setImmediate(() => {
      const patience = this.#patience();
      if (patience === 0) this.#work();
      this.#isBusy = false;
      if (patience > 0) this.#goOnIn(patience);
      else if (this.#queue.length > 0) this.#goOn();
    });
  }

  /** Milliseconds that reports may still wait for others: none when another call stands behind them. */
  #patience(): number {
    if (!this.#queue.every(isReport)) return 0;
    return Math.max(0, this.#reportsTakenAt + PICTURE_EVERY_MS - performance.now());
  }

  #goOnIn(milliseconds: number): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      if (!this.#isBusy && this.#queue.length > 0) this.#goOn();
    }, milliseconds);
  }

  #work(): void {
    const [call] = this.#queue;
    if (call === undefined) return;
    this.#now = call.now;
    const calls = this.#next(call);
    const answers = this.#answer(calls);
    const told = { answers, bytes: this.#bytes(), behind: this.#engine?.isBehind ?? false };
    if (LEAVES_LEASES.has(call.name)) this.#post(told);
    else if (calls.every(isLogRead) && performance.now() < this.#picturedAt + PICTURE_EVERY_MS) {
      this.#post(told);
      this.#pictureSoon();
    } else this.#post({ ...told, aggregates: this.#picture(call.now) });
    if (call.name === 'tick') this.#groom(call.now);
    if (isReport(call)) this.#reportsTakenAt = performance.now();
    this.#settleSoon();
  }

  #picture(now: number): Aggregates | undefined {
    clearTimeout(this.#picturing);
    this.#picturing = undefined;
    const aggregates = this.#engine?.aggregates(now);
    this.#picturedAt = performance.now();
    return aggregates;
  }

  /** For what nobody waits to see: a subscription is not told what its records came to. */
  #pictureSoon(): void {
    this.#picturing ??= setTimeout(() => {
      try {
        this.#post({ answers: [], aggregates: this.#picture(this.#now) });
      } catch (error) {
        this.#fail(error);
      }
    }, PICTURE_EVERY_MS);
  }

  /** Takes what is answered together from the queue. */
  #next({ name }: WriterCall): WriterCall[] {
    if (name === 'ingest') return this.#batch();
    if (name !== 'takeReport') return this.#queue.splice(0, 1);
    const other = this.#queue.findIndex((call) => !isReport(call));
    return this.#queue.splice(0, other === -1 ? this.#queue.length : other);
  }

  #batch(): Ingest[] {
    const batch: Ingest[] = [];
    let count = 0;
    for (const call of this.#queue) {
      if (call.name !== 'ingest' || (count > 0 && count + call.args[2] > BATCH)) break;
      batch.push(call);
      count += call.args[2];
    }
    this.#queue.splice(0, batch.length);
    return batch;
  }

  #answer(calls: readonly WriterCall[]): Answer[] {
    try {
      const values = this.#do(calls);
      return calls.map(({ id }, index) => ({ id, value: values[index] }));
    } catch (error) {
      const failure = this.#fail(error);
      return calls.map(({ id }) => ({ id, failure }));
    }
  }

  #do(calls: readonly WriterCall[]): readonly unknown[] {
    const [call] = calls;
    if (call === undefined) return [];
    if (call.name === 'close') return [this.#close()];
    if (call.name === 'configure') [this.#settings] = call.args;
    const { now } = call;
    const engine = this.#engine ?? this.#open(now);
    const database = this.#database;
    if (database === undefined) return [];
    switch (call.name) {
      case 'ingest':
        return engine.ingest(deliveries(calls), now);
      case 'configure':
        return [engine.configure(this.#settings, now)];
      case 'takeReport':
        return engine.takeReports(
          calls.filter(isReport).map(({ args: [report] }) => report),
          now,
        );
      case 'takeGap':
        return [engine.takeGap(...call.args)];
      case 'retire':
        return [engine.retire(call.args[0], now)];
      case 'retireSilent':
        return [engine.retireSilent(call.args[0], now)];
      case 'forecast':
        return [engine.forecast(call.args[0], now)];
      case 'tick':
        return [engine.tick(now)];
      case 'settle':
        return [engine.settle()];
      case 'logPlace':
        return [loadPlace(database, ...call.args)];
      case 'loadSightings':
        return [loadSightings(database)];
      case 'saveSightings':
        return [transaction(database, () => saveSightings(database, ...call.args))];
      case 'loadOutbox':
        return [loadOutbox(database)];
      case 'saveOutbox':
        return [transaction(database, () => saveOutbox(database, ...call.args))];
      case 'keepOutbox':
        return [transaction(database, () => keepOutbox(database, ...call.args))];
      case 'loadOpenConditions':
        return [loadOpenConditions(database)];
      case 'saveOpenConditions':
        return [transaction(database, () => saveOpenConditions(database, ...call.args))];
    }
  }

  /** When nobody has sent anything for a moment. */
  #settleSoon(): void {
    clearTimeout(this.#settling);
    if (this.#engine?.isBehind !== true) return;
    this.#settling = setTimeout(() => {
      if (this.#isBusy) return;
      try {
        this.#engine?.settle();
      } catch (error) {
        this.#fail(error);
      }
      this.#post({ answers: [], bytes: this.#bytes(), behind: false });
    }, SETTLE_AFTER_MS);
  }

  /** Forgets in slices, between which senders get their turn. */
  #groom(now: number): void {
    setImmediate(() => {
      if (this.#engine === undefined) return;
      try {
        if (this.#engine.groom(now)) this.#groom(now);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #open(now: number): Engine {
    if (this.#failed !== undefined && performance.now() < this.#failed.at + PATIENCE * this.#opening) {
      throw new Refused(this.#failed.failure);
    }
    const began = performance.now();
    try {
      this.#lock ??= lockOrRefuse(this.#path);
      this.#database = openForWriting(this.#path);
      this.#engine = new Engine(this.#database, this.#settings, now);
      return this.#engine;
    } finally {
      this.#opening = performance.now() - began;
    }
  }

  /** What is in memory may be ahead of the disk now: it is made anew from it. */
  #fail(error: unknown): StoreFailure {
    const failure = error instanceof Refused ? error.failure : toFailure(error, this.#path);
    if (error instanceof Refused) return failure;
    this.#failed = { failure, at: performance.now() };
    this.#engine = undefined;
    closeQuietly(this.#database);
    this.#database = undefined;
    return failure;
  }

  #close(): void {
    clearTimeout(this.#settling);
    clearTimeout(this.#gathering);
    clearTimeout(this.#picturing);
    this.#engine?.settle();
    this.#database?.close();
    this.#lock?.close();
    this.#database = undefined;
    this.#engine = undefined;
  }

  #bytes(): number {
    return sizeOf(this.#path);
  }
}

/** The failure of a moment ago, which there was no time to get over. */
class Refused extends Error {
  readonly failure: StoreFailure;

  constructor(failure: StoreFailure) {
    super(failure.text);
    this.failure = failure;
  }
}

function deliveries(calls: readonly WriterCall[]) {
  return calls.flatMap((call) => {
    if (call.name !== 'ingest') return [];
    const [source, text, , unread, place] = call.args;
    const records: readonly EventRecord[] = JSON.parse(text);
    return [{ source, records, unread, place }];
  });
}

function lockOrRefuse(path: string): DatabaseSync {
  try {
    return lockFor(path);
  } catch (error) {
    if (toFailure(error, path).reason === 'locked') throw otherAgent(path);
    throw error;
  }
}

function closeQuietly(database: DatabaseSync | undefined): void {
  try {
    database?.close();
  } catch {
    // A file that cannot be read may not be closed in order either; the next opening tells.
  }
}
