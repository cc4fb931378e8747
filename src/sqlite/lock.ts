import { DatabaseSync } from 'node:sqlite';
import { createPrivate } from './private-file.ts';

/**
 * Makes sure that no other agent uses the database, as long as the lock is open: an exclusive transaction on an empty
 * file beside it, which ends with the process, however that ends.
 * @throws SQLite's error, `isLocked` if another one holds it
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
