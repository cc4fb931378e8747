import type { DatabaseSync } from 'node:sqlite';
import { SCHEMA } from './schema.ts';

/**
 * Each entry takes the schema one version further; entries are only ever added, each in a numbered file in `migrations/`
 * with a test of the same number. `user_version` counts them. The first makes the schema of a new database.
 */
export const MIGRATIONS: readonly string[] = [SCHEMA];

/** Thrown if the database was written by a newer kmswatch. */
export class NewerSchema extends Error {
  override readonly name = 'NewerSchema';
}

/** Brings the schema up to date, whole or not at all. */
export function migrate(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.user_version ?? 0);
  if (version > MIGRATIONS.length) {
    throw new NewerSchema(`the database has schema ${version}, this version knows ${MIGRATIONS.length}`);
  }
  if (version === MIGRATIONS.length) return;
  const steps = MIGRATIONS.slice(version).join('; ');
  database.exec(`BEGIN IMMEDIATE; ${steps}; PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
}
