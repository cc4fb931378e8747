import { existsSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { createPrivate } from './private-file.ts';

/** Octets without which a database cannot be opened: its shared memory grows by this many. */
const LEAST_ROOM = 32 * 1024;

export interface DatabaseFiles {
  /** Of the database with its write-ahead log. */
  readonly bytes: number;
  /** Which files they are: others after one was deleted or replaced. */
  readonly main: string;
  readonly all: string;
}

/** The files of the database at a path: itself, its write-ahead log, and its shared memory. */
export function filesOf(path: string): DatabaseFiles {
  const found = [path, `${path}-wal`, `${path}-shm`].map((file) => statSync(file, { throwIfNoEntry: false }));
  const [main = 'none', ...others] = found.map((stat) => (stat === undefined ? 'none' : `${stat.dev} ${stat.ino}`));
  return { bytes: (found[0]?.size ?? 0) + (found[1]?.size ?? 0), main, all: [main, ...others].join() };
}

/** Whether the disk is too full to open a database: SQLite then only says that it cannot read or write. */
export function hasNoRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < LEAST_ROOM;
  } catch {
    return false;
  }
}

/** Where the content of a database is kept that was deleted or replaced while it was open. */
export function rescuePath(path: string): string {
  return `${path}.rescued`;
}

/**
 * Gives up files of which one was moved, so that those at their place now can be opened. What the write-ahead log holds
 * goes to the database first: SQLite finds the log by its name, and would apply it to any other database there.
 * @param main of the database that is open
 */
export function leaveBehind(database: DatabaseSync, path: string, main: string): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    if (filesOf(path).main === main) return;
    // An older copy stays.
    if (!existsSync(rescuePath(path))) copyWhole(database, rescuePath(path));
  } catch {
    // There may be no room for it: the failure that led here is the one to tell.
  }
}

/** @throws SQLite's error; then there is no half of a copy */
function copyWhole(database: DatabaseSync, to: string): void {
  createPrivate(to);
  try {
    database.prepare('VACUUM INTO ?').run(to);
  } catch (error) {
    for (const part of ['', '-journal']) rmSync(`${to}${part}`, { force: true });
    throw error;
  }
}

export function closeQuietly(database: DatabaseSync | undefined): void {
  try {
    database?.close();
  } catch {
    // A file that cannot be read may not be closed in order either; the next opening shows it.
  }
}
