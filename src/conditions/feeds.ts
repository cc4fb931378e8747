import { logsRead } from '../estate/log-reading.ts';
import { HOUR_S } from '../kernel/time.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import type { Picture } from './picture.ts';

/** Seconds. */
const SILENCE = HOUR_S;

/** Why the log of a host does not arrive. */
export type FeedFault = 'not_read' | 'behind_report';

/** Hosts whose log does not arrive: what rests on it alone is not judged. */
export function staleFeeds({ estate, records, risen }: Picture): ReadonlyMap<string, FeedFault> {
  const stale = new Map<string, FeedFault>();
  const newest = new Map((records.aggregates?.hosts ?? []).map((host) => [host.host, newestRequest(host)]));
  for (const [host, isRead] of logsRead(estate, records)) {
    if (!isRead) stale.set(host, 'not_read');
    else if (risen.has(host) && isSilent(newest.get(host), records.now)) stale.set(host, 'behind_report');
  }
  return stale;
}

function isSilent(last: number | undefined, now: number): boolean {
  return last === undefined || now - last > SILENCE;
}

/** Hosts with what their logs tell, as far as these arrive. */
export function judgedHosts(picture: Picture): readonly HostAggregates[] {
  const stale = staleFeeds(picture);
  return (picture.records.aggregates?.hosts ?? []).filter(({ host }) => !stale.has(host));
}

/** Seconds since the epoch. */
export function newestRequest({ pools }: HostAggregates): number | undefined {
  return pools.length === 0 ? undefined : Math.max(...pools.map(({ lastRequest }) => lastRequest));
}
