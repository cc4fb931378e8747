import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { createFolder } from '../../kernel/create-folder.ts';
import type { Seconds } from '../../kernel/time.ts';
import { closeQuietly, type DatabaseFiles, filesOf, leaveBehind } from '../../sqlite/files.ts';
import type { DatabaseLock } from '../../sqlite/lock.ts';
import {
  lockOrRefuse,
  moved,
  openForWriting,
  StoreError,
  toFailure,
  unlocked,
  unreadable,
} from '../database/database.ts';
import { type Repaired, repair } from '../database/repair.ts';
import { failureOf, type StoreFailure } from '../failure.ts';
import type { StoreSettings } from '../settings.ts';
import { Engine } from './engine.ts';

/** Opening a large database takes a while: it is not tried again before this many times as long have passed. */
const PATIENCE = 3;

/** The database of the writer with its lock and the engine that works on it; opened again after a failure. */
export class OpenStore {
  /** Those of the next engine. */
  settings: StoreSettings;
  readonly #path: string;
  #lock: DatabaseLock | undefined;
  #database: DatabaseSync | undefined;
  #engine: Engine | undefined;
  #failed: { readonly failure: StoreFailure; readonly at: number } | undefined;
  /** Milliseconds that the last opening took. */
  #opening = 0;
  /** Counts the engines that were made, as each begins its versions at 0. */
  #engines = 0;
  #files: DatabaseFiles | undefined;

  constructor(path: string, settings: StoreSettings) {
    this.#path = path;
    this.settings = settings;
  }

  get engine(): Engine | undefined {
    return this.#engine;
  }

  get database(): DatabaseSync | undefined {
    return this.#database;
  }

  /** Changes whenever what is counted may have changed. */
  get version(): number | undefined {
    return this.#engine === undefined ? undefined : this.#engines * 2 ** 32 + this.#engine.version;
  }

  /** Of all files of the database. */
  get bytes(): number | undefined {
    return this.#database && filesOf(this.#path).bytes;
  }

  /**
   * @param isTick the caller has made sure that nothing reads files that were moved
   * @throws Refused if it failed a moment ago; StoreError, or an error of SQLite, if it cannot be opened
   */
  open(now: Seconds, isTick = true): Engine {
    if (this.#failed !== undefined) {
      const hasMoved = this.#failed.failure.reason === 'moved';
      const isEarly = performance.now() < this.#failed.at + PATIENCE * this.#opening;
      if (isEarly || (hasMoved && !(isTick && existsSync(this.#path)))) throw new Refused(this.#failed.failure);
    }
    const began = performance.now();
    try {
      const folder = createFolder(dirname(this.#path));
      if (!folder.ok) throw new StoreError({ reason: 'io', text: folder.error });
      this.#lock ??= lockOrRefuse(this.#path);
      this.#database = openForWriting(this.#path);
      const engine = this.#makeEngine(this.#database, now);
      this.#files = filesOf(this.#path);
      return engine;
    } finally {
      this.#opening = performance.now() - began;
    }
  }

  /** Makes the engine again from what is on disk. */
  renew(now: Seconds): void {
    if (this.#database !== undefined) this.#makeEngine(this.#database, now);
  }

  /**
   * @throws StoreError if the files that are written to have no name any more, or the lock has none: then another kmswatch
   * may use the database, so that what is in memory may be old
   */
  assertInPlace(): void {
    if (this.#database && filesOf(this.#path).all !== this.#files?.all) throw moved(this.#path);
    if (this.#lock?.isInPlace === false) throw unlocked(this.#path);
  }

  /** The next call opens what has become of it. */
  repair(): Repaired | undefined {
    closeQuietly(this.#database);
    this.#engine = undefined;
    this.#database = undefined;
    this.#failed = undefined;
    this.#lock ??= lockOrRefuse(this.#path);
    return repair(this.#path);
  }

  /** Memory may be ahead of the disk now: it is read again. */
  fail(error: unknown): StoreFailure {
    if (error instanceof Refused) return error.failure;
    const failure = toFailure(error, this.#path);
    this.#failed = { failure, at: performance.now() };
    this.#engine = undefined;
    if (failure.reason === 'moved') this.#leave();
    if (this.#lock?.isInPlace === false) this.#unlock();
    closeQuietly(this.#database);
    this.#database = undefined;
    return failure;
  }

  close(): void {
    this.#database?.close();
    this.#lock?.close();
    this.#database = undefined;
    this.#engine = undefined;
  }

  #makeEngine(database: DatabaseSync, now: Seconds): Engine {
    this.#engines += 1;
    try {
      this.#engine = new Engine(database, this.settings, now);
      // The first count compiles what it runs: better now than while senders wait.
      this.#engine.aggregates(now);
      return this.#engine;
    } catch (error) {
      // Nobody but the database has told it anything.
      throw failureOf(error) === undefined ? unreadable(this.#path, error) : error;
    }
  }

  /** The lock was moved with the database, or is one on a name that another may take. */
  #leave(): void {
    if (this.#database && this.#files) leaveBehind(this.#database, this.#path, this.#files.main);
    this.#unlock();
  }

  #unlock(): void {
    this.#lock?.close();
    this.#lock = undefined;
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
