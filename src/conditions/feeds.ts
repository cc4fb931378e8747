import { hostsReading, logsRead } from '../estate/log-reading.ts';
import { newestRequest } from '../estate/logs-snapshot.ts';
import type { HostName } from '../kernel/host-name.ts';
import { DAY_S, HOUR_S } from '../kernel/time.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** Seconds. */
const SILENCE = HOUR_S;

/** Seconds: a log that was imported and is older says nothing of now. */
export const OLD_EXPORT = 3 * DAY_S;

/** Why the log of a host does not arrive. */
export type FeedFault = 'not_read' | 'behind_report';

/** Hosts whose log does not arrive. */
export function staleFeeds({ estate, logs, risen }: ConditionSnapshot): ReadonlyMap<HostName, FeedFault> {
  const reading = hostsReading(logs);
  const stale = new Map<HostName, FeedFault>();
  const newest = new Map((logs.aggregates?.hosts ?? []).map((host) => [host.host, newestRequest(host)]));
  for (const [host, isRead] of logsRead(estate, logs)) {
    if (!isRead) stale.set(host, 'not_read');
    else if (risen.has(host) && !reading.has(host) && isSilent(newest.get(host), logs.now))
      stale.set(host, 'behind_report');
  }
  return stale;
}

/**
 * Hosts of which nothing is judged that rests on their log alone: it does not arrive, its history is still coming in, or
 * it was imported once and ends long ago.
 */
export function unjudgedHosts(snapshot: ConditionSnapshot): ReadonlySet<HostName> {
  const { estate, logs } = snapshot;
  const read = logsRead(estate, logs);
  const old = (logs.aggregates?.hosts ?? []).filter(
    ({ host, lastEvent }) => !read.has(host) && lastEvent !== undefined && logs.now - lastEvent > OLD_EXPORT,
  );
  return new Set([...staleFeeds(snapshot).keys(), ...hostsReading(logs).keys(), ...old.map(({ host }) => host)]);
}

/** Whether the history of any host is coming in: then nothing is judged of a class or of all clients. */
export function isAnyReading({ logs }: ConditionSnapshot): boolean {
  return hostsReading(logs).size > 0;
}

function isSilent(last: number | undefined, now: number): boolean {
  return last === undefined || now - last > SILENCE;
}

/** Hosts with what their logs tell, as far as it is judged. */
export function hostsWithFeed(snapshot: ConditionSnapshot): readonly HostAggregates[] {
  const unjudged = unjudgedHosts(snapshot);
  return (snapshot.logs.aggregates?.hosts ?? []).filter(({ host }) => !unjudged.has(host));
}
