import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { SCHEMA } from './schema.ts';

/**
 * Each entry takes the schema one version further; entries are only ever added, each in a numbered file in `migrations/`
 * with a test of the same number. `user_version` counts them. The first makes the schema of a new database. Until the
 * first release it is changed in place: `application_id` tells such databases apart.
 */
export const MIGRATIONS: readonly string[] = [SCHEMA];

/** Thrown if the database was written by a newer kmswatch. */
export class NewerSchema extends Error {
  override readonly name = 'NewerSchema';
}

/** Thrown if the database has the schema of a version that was never released, or is not one of kmswatch. */
export class OtherSchema extends Error {
  override readonly name = 'OtherSchema';
}

/** Brings the schema up to date, whole or not at all. */
export function migrate(database: DatabaseSync): void {
  const version = pragma(database, 'user_version');
  if (version > MIGRATIONS.length) {
    throw new NewerSchema(`the database has schema ${version}, this version knows ${MIGRATIONS.length}`);
  }
  if (version > 0 && pragma(database, 'application_id') !== markOf(version)) {
    throw new OtherSchema('the database was written by a development version of kmswatch with another schema');
  }
  if (version === 0 && hasTables(database)) throw new OtherSchema('the database is not one of kmswatch');
  if (version === MIGRATIONS.length) return;
  const steps = MIGRATIONS.slice(version).join('; ');
  const marks = `PRAGMA user_version = ${MIGRATIONS.length}; PRAGMA application_id = ${markOf(MIGRATIONS.length)}`;
  database.exec(`BEGIN IMMEDIATE; ${steps}; ${marks}; COMMIT`);
}

/** A number for all that made a schema of this version; SQLite keeps 32 bits with a sign. */
function markOf(version: number): number {
  return crc32(MIGRATIONS.slice(0, version).join(';')) | 0;
}

function hasTables(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined;
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}
