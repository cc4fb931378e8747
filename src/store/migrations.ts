import type { DatabaseSync } from 'node:sqlite';
import { LOG_PLACES_SCHEMA } from './log-places.ts';
import { OUTBOX_SCHEMA } from './outbox.ts';
import { RECORDS_BY_ARRIVAL } from './records-by-arrival.ts';
import { PROJECTION_SCHEMA, RECORDS_SCHEMA } from './schema.ts';

/** Each entry takes the schema one version further; entries are only ever added. `user_version` counts them. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE sightings (
     domain TEXT NOT NULL,
     target TEXT NOT NULL,
     port INTEGER NOT NULL,
     at INTEGER NOT NULL, -- milliseconds since the epoch
     PRIMARY KEY (domain, target, port)
   ) STRICT, WITHOUT ROWID`,
  `${RECORDS_SCHEMA}; ${PROJECTION_SCHEMA}`,
  OUTBOX_SCHEMA,
  `CREATE TABLE open_conditions (
     position INTEGER PRIMARY KEY,
     condition TEXT NOT NULL -- JSON
   ) STRICT`,
  LOG_PLACES_SCHEMA,
  `CREATE TABLE unwritten ( -- leases whose rows are older than their records: pairs of client and product, 32 bits each
     id INTEGER PRIMARY KEY,
     leases BLOB NOT NULL
   ) STRICT`,
  RECORDS_BY_ARRIVAL,
];

/** Thrown when the database was written by a newer kmswatch. */
export class NewerSchema extends Error {
  override readonly name = 'NewerSchema';
}

/** Brings the schema up to date, whole or not at all. */
export function migrate(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.user_version ?? 0);
  if (version > MIGRATIONS.length) {
    throw new NewerSchema(`the database has schema ${version}, but this version supports only ${MIGRATIONS.length}`);
  }
  if (version === MIGRATIONS.length) return;
  const steps = MIGRATIONS.slice(version).join('; ');
  database.exec(`BEGIN IMMEDIATE; ${steps}; PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
}
