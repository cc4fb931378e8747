import type { DatabaseSync } from 'node:sqlite';
import type { Seconds } from '../../kernel/time.ts';
import { historyEnded, isComing } from '../../leases/log-history.ts';
import type { IngestSource } from '../aggregates.ts';
import { loadBookmark } from '../history/log-bookmarks.ts';
import type { State } from '../leases/state.ts';

/**
 * The log of a host that only an import has brought is complete when the import has ended; one that is sent or fetched may continue.
 * @param source of a delivery without a record, with which an import ends
 */
export function endImports(source: IngestSource, database: DatabaseSync, { logs, names }: State, now: Seconds): void {
  if (source !== 'import') return;
  for (const [host, { historyAt, lastPush }] of [...logs.all()]) {
    if (!isComing(historyAt, now) || lastPush !== undefined) continue;
    if (loadBookmark(database, names.hosts.name(host)) === undefined) logs.edit(host).historyAt = historyEnded(now);
  }
}
