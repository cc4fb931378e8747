import type { DatabaseSync } from 'node:sqlite';
import type { HostName } from '../../kernel/host-name.ts';
import { query, text } from '../database/rows.ts';
import type { LogBookmark } from '../store-types.ts';

/** Up to where the log of a host has been read; undefined if it never was. */
export function loadBookmark(database: DatabaseSync, host: HostName): string | undefined {
  const bookmark = query(database, 'SELECT bookmark FROM log_bookmarks WHERE host = ?').get(host)?.[0];
  return bookmark === undefined ? undefined : text(bookmark);
}

/** In the transaction of the records before it. */
export function saveBookmark(database: DatabaseSync, { host, bookmark }: LogBookmark): void {
  query(database, 'INSERT OR REPLACE INTO log_bookmarks (host, bookmark) VALUES (?, ?)').run(host, bookmark);
}
