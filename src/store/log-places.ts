import type { DatabaseSync } from 'node:sqlite';
import { query, text } from './rows.ts';

export const LOG_PLACES_SCHEMA = `
CREATE TABLE log_places ( -- up to where the log of a host has been read
  host TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL
) STRICT, WITHOUT ROWID`;

/** Where the reader of a host's log had come to; undefined when it never read. */
export function loadPlace(database: DatabaseSync, host: string): string | undefined {
  const place = query(database, 'SELECT place FROM log_places WHERE host = ?').get(host)?.[0];
  return place === undefined ? undefined : text(place);
}

/** In the transaction of the records that the place comes after. */
export function savePlace(
  database: DatabaseSync,
  { host, place }: { readonly host: string; readonly place: string },
): void {
  query(database, 'INSERT OR REPLACE INTO log_places (host, place) VALUES (?, ?)').run(host, place);
}
