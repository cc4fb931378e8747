import type { DatabaseSync } from 'node:sqlite';
import type { Seconds } from '../../kernel/time.ts';
import { lockFor, openForWriting, otherAgent, sizeOf, toFailure } from '../database/database.ts';
import type { StoreFailure } from '../failure.ts';
import type { StoreSettings } from '../settings.ts';
import { Engine } from './engine.ts';
import type { Answer, Message, ThreadStart, WriterCall } from './messages.ts';
import { doCalls } from './writer-calls.ts';
import { isReport, WriterQueue } from './writer-queue.ts';

/** Opening a large database takes a while: it is not tried again before so many times as long have passed. */
const PATIENCE = 3;
/** Milliseconds without a call until rows are merged into the large table. */
const MERGE_AFTER_MS = 200;
/** Milliseconds between two commits of reports: the hosts of a round answer one after the other. */
const REPORTS_EVERY_MS = 250;

/** The writer thread's work, call by call. Senders that wait together share one commit. */
export class WriterService {
  readonly #path: string;
  readonly #post: (message: Message) => void;
  readonly #queue = new WriterQueue();
  #settings: StoreSettings;
  #lock: DatabaseSync | undefined;
  #database: DatabaseSync | undefined;
  #engine: Engine | undefined;
  #failed: { readonly failure: StoreFailure; readonly at: number } | undefined;
  /** Calls that are answered once the leases have been derived again. */
  #untilDerived: WriterCall[] = [];
  #isBusy = false;
  #merging: NodeJS.Timeout | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #reportsTakenAt = Number.NEGATIVE_INFINITY;
  /** Milliseconds that the last opening took. */
  #opening = 0;
  /** Counts the engines that were made, as each begins its versions at 0. */
  #engines = 0;

  constructor({ path, settings }: ThreadStart, post: (message: Message) => void) {
    this.#path = path;
    this.#settings = settings;
    this.#post = post;
  }

  /** Opens the database. @returns why it cannot be opened */
  start(now: Seconds): StoreFailure | undefined {
    try {
      this.#open(now);
      this.#tell([{ id: 0, value: undefined }]);
      this.#continueSoon();
      return undefined;
    } catch (error) {
      const failure = this.#fail(error);
      this.#lock?.close();
      return failure;
    }
  }

  take(call: WriterCall): void {
    this.#queue.add(call);
    if (!this.#isBusy) this.#continueSoon();
  }

  /** In turns, so that calls that have arrived meanwhile are in the queue when the next batch is made. */
  #continueSoon(): void {
    clearTimeout(this.#merging);
    this.#isBusy = true;
    setImmediate(() => {
      const wait = this.#wait();
      if (wait === 0) this.#work();
      if (this.#engine?.isDeriving === true) this.#derive();
      this.#isBusy = false;
      if (this.#engine?.isDeriving === true) this.#continueSoon();
      else if (wait > 0) this.#continueIn(wait);
      else if (this.#queue.size > 0) this.#continueSoon();
      else this.#mergeSoon();
    });
  }

  /** Milliseconds that reports may still wait for others: none if another call is behind them. */
  #wait(): number {
    if (this.#queue.size === 0 || !this.#queue.hasOnlyReports) return 0;
    return Math.max(0, this.#reportsTakenAt + REPORTS_EVERY_MS - performance.now());
  }

  #continueIn(milliseconds: number): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      if (!this.#isBusy && this.#queue.size > 0) this.#continueSoon();
    }, milliseconds);
  }

  #work(): void {
    const calls = this.#queue.next();
    const [call] = calls;
    if (call === undefined) return;
    const answers = this.#answer(calls);
    this.#tell(answers);
    if (call.name === 'tick') this.#groom(call.now);
    if (isReport(call)) this.#reportsTakenAt = performance.now();
  }

  #tell(answers: readonly Answer[]): void {
    const version = this.#engine === undefined ? undefined : this.#engines * 2 ** 32 + this.#engine.version;
    this.#post({ answers, bytes: sizeOf(this.#path), ...(version === undefined ? {} : { version }) });
  }

  /** @returns the answers that there are: one to a new configuration may come later */
  #answer(calls: readonly WriterCall[]): Answer[] {
    try {
      const values = this.#do(calls);
      return calls.flatMap((call, index) => {
        if (call.name !== 'configure' || this.#engine?.isDeriving !== true)
          return [{ id: call.id, value: values[index] }];
        this.#untilDerived.push(call);
        return [];
      });
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
    const engine = this.#engine ?? this.#open(call.now);
    return this.#database === undefined ? [] : doCalls(engine, this.#database, call, calls);
  }

  #derive(): void {
    try {
      if (this.#engine?.derive() === true) return;
      this.#tell(this.#untilDerived.map(({ id }) => ({ id, value: undefined })));
    } catch (error) {
      const failure = this.#fail(error);
      this.#tell(this.#untilDerived.map(({ id }) => ({ id, failure })));
    }
    this.#untilDerived = [];
  }

  /** Once there has been no call for a moment. */
  #mergeSoon(): void {
    if (this.#engine?.hasRowsToMerge !== true) return;
    this.#merging = setTimeout(() => {
      if (this.#isBusy) return;
      try {
        this.#engine?.mergeRows();
      } catch (error) {
        this.#fail(error);
      }
      this.#mergeSoon();
    }, MERGE_AFTER_MS);
  }

  /** Forgets in slices, between which senders have their turn. */
  #groom(now: Seconds): void {
    setImmediate(() => {
      try {
        if (this.#engine?.groom(now) === true) this.#groom(now);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #open(now: Seconds): Engine {
    if (this.#failed !== undefined && performance.now() < this.#failed.at + PATIENCE * this.#opening) {
      throw new Refused(this.#failed.failure);
    }
    const began = performance.now();
    try {
      this.#lock ??= lockOrRefuse(this.#path);
      this.#database = openForWriting(this.#path);
      this.#engines += 1;
      this.#engine = new Engine(this.#database, this.#settings, now);
      return this.#engine;
    } finally {
      this.#opening = performance.now() - began;
    }
  }

  /** What is in memory may be ahead of the disk now: it is made again from it. */
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
    clearTimeout(this.#merging);
    clearTimeout(this.#gathering);
    this.#database?.close();
    this.#lock?.close();
    this.#database = undefined;
    this.#engine = undefined;
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
    // A file that cannot be read may not be closed in order either; the next opening shows it.
  }
}
