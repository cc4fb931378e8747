import { logsRead } from '../estate/log-reading.ts';
import type { HostName } from '../kernel/host-name.ts';
import { HOUR_S } from '../kernel/time.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** Seconds. */
const SILENCE = HOUR_S;

/** Why the log of a host does not arrive. */
export type FeedFault = 'not_read' | 'behind_report';

/** Hosts whose log does not arrive: what rests on it alone is not judged. */
export function staleFeeds({ estate, logs, risen }: ConditionSnapshot): ReadonlyMap<HostName, FeedFault> {
  const stale = new Map<HostName, FeedFault>();
  const newest = new Map((logs.aggregates?.hosts ?? []).map((host) => [host.host, newestRequest(host)]));
  for (const [host, isRead] of logsRead(estate, logs)) {
    if (!isRead) stale.set(host, 'not_read');
    else if (risen.has(host) && isSilent(newest.get(host), logs.now)) stale.set(host, 'behind_report');
  }
  return stale;
}

function isSilent(last: number | undefined, now: number): boolean {
  return last === undefined || now - last > SILENCE;
}

/** Hosts with what their logs tell, as far as these arrive. */
export function hostsWithFeed(snapshot: ConditionSnapshot): readonly HostAggregates[] {
  const stale = staleFeeds(snapshot);
  return (snapshot.logs.aggregates?.hosts ?? []).filter(({ host }) => !stale.has(host));
}

/** Seconds since the epoch. */
export function newestRequest({ pools }: HostAggregates): number | undefined {
  return pools.length === 0 ? undefined : Math.max(...pools.map(({ lastRequest }) => lastRequest));
}
