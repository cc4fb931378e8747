import { closeSync, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { failureOf, type StoreFailure, storeFailure } from '../failure.ts';
import { migrate } from './migrations.ts';

/** Milliseconds to wait for a lock, which only a backup or a tool can hold for so long. */
const BUSY_TIMEOUT_MS = 2000;
/** Pages of the log after which it is written back: seldom, as pages that change in every batch are then written once. */
const CHECKPOINT_PAGES = 32_000;
/** Under records the writer's pages are read and written again and again. */
export const WRITER_CACHE_KIB = 32_000;
const READER_CACHE_KIB = 6000;

/**
 * Opens the database for the one thread that writes. With `synchronous = FULL` a COMMIT returns after its part of the
 * write-ahead log is on disk (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export function openForWriting(path: string): DatabaseSync {
  createPrivate(path);
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA cache_size = -${WRITER_CACHE_KIB}`);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** It has the names of machines in it; the write-ahead log takes its mode from the database. */
function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // It is there already, or SQLite tells why it cannot be.
  }
}

export function openForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true });
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA cache_size = -${READER_CACHE_KIB}`);
  return database;
}

/**
 * Makes sure that no other agent uses the database, as long as the lock is open: an exclusive transaction on an empty
 * file beside it, which ends with the process, however that ends.
 */
export function lockFor(path: string): DatabaseSync {
  // If others could read it, they could hold a lock on it, and so keep the agent from starting.
  createPrivate(`${path}.lock`);
  const lock = new DatabaseSync(`${path}.lock`);
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly failure: StoreFailure;

  constructor(failure: StoreFailure) {
    super(failure.text);
    this.failure = failure;
  }
}

/** Octets of the database with its write-ahead log. */
export function sizeOf(path: string): number {
  return [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** What a thread answers when something was thrown. @throws what is a bug */
export function toFailure(error: unknown, path: string): StoreFailure {
  if (error instanceof StoreError) return error.failure;
  const failure = failureOf(error);
  if (failure === undefined) throw error;
  return { ...failure, text: `the database ${path}: ${failure.text}` };
}

export function otherAgent(path: string): StoreError {
  return new StoreError(storeFailure('locked', `the database ${path}: another kmswatch is using it`));
}
