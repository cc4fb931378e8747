import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createPrivate } from './private-file.ts';

/**
 * Makes sure that no other agent uses a database, until it is closed: an exclusive transaction on an empty file beside it,
 * which ends with the process, however that ends.
 */
export class DatabaseLock {
  readonly #path: string;
  readonly #file: string | undefined;
  readonly #lock: DatabaseSync;

  /** @throws SQLite's error, `isLocked` if another one holds it */
  constructor(database: string) {
    this.#path = `${database}.lock`;
    // If others could read it, they could hold a lock on it, and so keep the agent from starting.
    createPrivate(this.#path);
    this.#lock = new DatabaseSync(this.#path);
    try {
      this.#lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      this.#lock.close();
      throw error;
    }
    this.#file = fileAt(this.#path);
  }

  /** Whether others meet it: not if its file was deleted, as one that was left behind by mistake would be. */
  get isInPlace(): boolean {
    return this.#file !== undefined && fileAt(this.#path) === this.#file;
  }

  close(): void {
    this.#lock.close();
  }
}

function fileAt(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino}`;
}
