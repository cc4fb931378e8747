import type { DatabaseSync } from 'node:sqlite';
import { type HostName, hostNameOfRecord } from '../../kernel/host-name.ts';
import type { Seconds } from '../../kernel/time.ts';
import { isComing } from '../../leases/log-history.ts';
import type { HostStory } from '../../leases/story.ts';
import { query, text } from '../database/rows.ts';
import type { HostLogStatus } from '../leases/host-log-status.ts';
import type { StoreSettings } from '../settings.ts';
import { hostKeys } from './host-keys.ts';

/**
 * Every host that is known by its log or its reports, that is configured, or that DNS publishes, and how far its log is
 * known. @param now seconds since the epoch
 */
export function hostStories(database: DatabaseSync, settings: StoreSettings, now: Seconds): HostStory[] {
  const reported = new Map(hostKeys(database).map((one) => [one.host, one]));
  const fetched = namesIn(database, 'SELECT host FROM log_bookmarks');
  const logged = query(database, 'SELECT name, log_status FROM hosts')
    .all()
    .map(([host, status]): [HostName, HostLogStatus] => [hostNameOfRecord(text(host)), JSON.parse(text(status))])
    // The table has every name that a record had; the log of an alias is that of its host.
    .filter(([host]) => settings.aliases[host] === undefined);
  const stories = new Map<HostName, HostStory>(
    logged.map(([host, status]) => {
      const { os, keys, time } = reported.get(host) ?? {};
      return [host, { host, ...logOf(status, fetched.has(host), settings, now), os, keys, keysAt: time }];
    }),
  );
  for (const name of [...settings.hosts, ...namesIn(database, 'SELECT DISTINCT target FROM sightings')]) {
    const host = settings.aliases[name] ?? name;
    if (!stories.has(host)) stories.set(host, unlogged(host));
  }
  return [...stories.values()];
}

type LogStory = Pick<HostStory, 'read' | 'imported' | 'reading' | 'firstRecord' | 'lastRecord'>;

/** An import begins no reading that goes on. */
function logOf(status: HostLogStatus, isFetched: boolean, settings: StoreSettings, now: Seconds): LogStory {
  const { firstRecord, lastEvent, lastArrival, lastPush, lastHeard, historyAt } = status;
  const readAt = Math.max((isFetched ? lastArrival : lastPush) ?? 0, lastHeard ?? 0);
  return {
    read: readAt > now - settings.activationsStaleAfter,
    imported: readAt === 0 && firstRecord !== undefined,
    reading: isComing(historyAt, now),
    firstRecord,
    lastRecord: lastEvent,
  };
}

function unlogged(host: HostName): HostStory {
  return { host, read: false, reading: false, firstRecord: undefined, lastRecord: undefined };
}

function namesIn(database: DatabaseSync, sql: string): ReadonlySet<HostName> {
  return new Set(query(database, sql).texts().map(hostNameOfRecord));
}
