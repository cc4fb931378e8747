import type { DatabaseSync } from 'node:sqlite';

/** All or nothing: returns only after everything that was done is on disk (`synchronous = FULL`). */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}
