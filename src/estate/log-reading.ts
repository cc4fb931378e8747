import type { HostAggregates } from '../store/aggregates.ts';
import { isHeard, type RecordsView } from './records.ts';
import type { EstateView } from './view.ts';

/**
 * Whether the log of each host is being read: its subscription stands, or records of it have been sent within
 * `activations.stale_after`. A host of whose log nothing was heard or asked yet is not there.
 */
export function logsRead(
  { hosts }: EstateView,
  { aggregates, now, staleAfter }: RecordsView,
): ReadonlyMap<string, boolean> {
  const subscriptions = new Map(hosts.map(({ host, subscription }) => [host, subscription]));
  const read = new Map<string, boolean>();
  for (const { host, lastPush } of aggregates?.hosts ?? []) {
    const isPushed = lastPush !== undefined && lastPush > now - staleAfter;
    // What a subscription that broke off has brought is no sign that it stands.
    if (isPushed || subscriptions.get(host) === undefined) read.set(host, isPushed);
  }
  for (const [host, subscription] of subscriptions) {
    if (subscription?.up !== undefined) read.set(host, subscription.up || read.get(host) === true);
  }
  return read;
}

/**
 * The hosts whose counts are to be believed: their log was heard from within `activations.stale_after`, an import
 * included, or the host itself has lately said how many it counts.
 */
export function heardHosts(estate: EstateView, records: RecordsView): readonly HostAggregates[] {
  const reporting = new Set(estate.hosts.filter(({ report }) => report?.fresh !== undefined).map(({ host }) => host));
  return (records.aggregates?.hosts ?? []).filter(
    (host) => isHeard(host, records.now, records.staleAfter) || reporting.has(host.host),
  );
}
