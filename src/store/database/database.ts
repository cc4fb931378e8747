import { DatabaseSync } from 'node:sqlite';
import { hasNoRoom, rescuePath } from '../../sqlite/files.ts';
import { DatabaseLock } from '../../sqlite/lock.ts';
import { createPrivate } from '../../sqlite/private-file.ts';
import { failureOf, type StoreFailure, storeFailure } from '../failure.ts';
import { migrate } from './migrations.ts';

/** Milliseconds to wait for a lock, which only a backup or a tool can hold for this long. */
const BUSY_TIMEOUT_MS = 2000;
/** Pages of the log after which it is written back: seldom, as pages that change in every batch are then written once. */
const CHECKPOINT_PAGES = 32_000;
/** Under records the writer's pages are read and written again and again. */
export const WRITER_CACHE_KIB = 32_000;
const READER_CACHE_KIB = 6000;

/**
 * Opens the database for the one thread that writes. What it deletes is overwritten in pages that are written anyway, so
 * that no name stays behind in a page when a row moves. With `synchronous = FULL` a COMMIT returns after its part of the
 * write-ahead log is on disk (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export function openForWriting(path: string): DatabaseSync {
  createPrivate(path);
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA cache_size = -${WRITER_CACHE_KIB}; PRAGMA secure_delete = FAST`);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

export function openForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true });
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA cache_size = -${READER_CACHE_KIB}`);
  return database;
}

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly failure: StoreFailure;

  constructor(failure: StoreFailure) {
    super(failure.text);
    this.failure = failure;
  }
}

/** The answer of a thread if something was thrown. @throws the error itself if it is a bug */
export function toFailure(error: unknown, path: string): StoreFailure {
  if (error instanceof StoreError) return error.failure;
  const failure = failureOf(error);
  if (failure === undefined) throw error;
  const { reason, text } =
    failure.reason === 'io' && hasNoRoom(path) ? storeFailure('full', (error as Error).message) : failure;
  return { reason, text: `the database ${path}: ${text}` };
}

/** @throws StoreError if another kmswatch uses the database */
export function lockOrRefuse(path: string): DatabaseLock {
  try {
    return new DatabaseLock(path);
  } catch (error) {
    if (toFailure(error, path).reason !== 'locked') throw error;
    throw new StoreError(storeFailure('in_use', `the database ${path}: another kmswatch is using it`));
  }
}

/** The lock is none any more: another kmswatch may have taken the one that is at its place now. */
export function unlocked(path: string): StoreError {
  const what = `the database ${path}: its lock ${path}.lock was deleted or replaced, and another kmswatch may be using it`;
  return new StoreError(storeFailure('in_use', what));
}

/** The database has other content than was written to it. */
export function unreadable(path: string, error: unknown): StoreError {
  const why = error instanceof Error ? error.message : String(error);
  return new StoreError(storeFailure('corrupt', `the database ${path}: what it holds cannot be read (${why})`));
}

/** One of the files at this path is not the one that is open. */
export function moved(path: string): StoreError {
  const what = `the database ${path}: it was deleted, replaced or moved while the agent was using it`;
  return new StoreError(storeFailure('moved', `${what}. If there was room, ${rescuePath(path)} is a copy of it`));
}
