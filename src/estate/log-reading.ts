import type { HostAggregates } from '../store/aggregates.ts';
import { isRead, type RecordsView } from './records.ts';
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
  for (const host of aggregates?.hosts ?? []) {
    // What a subscription that broke off has brought is no sign that it stands.
    const isSubscribed = subscriptions.get(host.host) !== undefined;
    const isPushed = host.lastPush !== undefined && host.lastPush > now - staleAfter;
    const isHeard = isSubscribed ? isPushed : isRead(host, now, staleAfter);
    if (isHeard || !isSubscribed) read.set(host.host, isHeard);
  }
  for (const [host, subscription] of subscriptions) {
    if (subscription?.up !== undefined) read.set(host, subscription.up || read.get(host) === true);
  }
  return read;
}

/**
 * The hosts whose margins are to be believed. A margin from a log that nobody reads any more is withdrawn, unless the
 * host itself has lately said how many it counts.
 */
export function readHosts(estate: EstateView, records: RecordsView): readonly HostAggregates[] {
  const read = logsRead(estate, records);
  const reporting = new Set(estate.hosts.filter(({ report }) => report?.fresh !== undefined).map(({ host }) => host));
  return (records.aggregates?.hosts ?? []).filter(({ host }) => read.get(host) === true || reporting.has(host));
}
