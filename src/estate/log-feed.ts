import { isRead, type RecordsView } from './records.ts';
import type { EstateView } from './view.ts';

/**
 * Whether the log of each host is being read: its subscription stands, or records of it have been sent within
 * `activations.stale_after`. A host of whose log nothing was heard or asked yet is not there.
 */
export function logFeeds(
  { hosts }: EstateView,
  { aggregates, now, staleAfter }: RecordsView,
): ReadonlyMap<string, boolean> {
  const subscriptions = new Map(hosts.map(({ host, subscription }) => [host, subscription]));
  const feeds = new Map<string, boolean>();
  for (const host of aggregates?.hosts ?? []) {
    // What a subscription that broke off has brought is no sign that it stands.
    const isSubscribed = subscriptions.get(host.host) !== undefined;
    const isPushed = host.lastPush !== undefined && host.lastPush > now - staleAfter;
    const isHeard = isSubscribed ? isPushed : isRead(host, now, staleAfter);
    if (isHeard || !isSubscribed) feeds.set(host.host, isHeard);
  }
  for (const [host, subscription] of subscriptions) {
    if (subscription?.up !== undefined) feeds.set(host, subscription.up || feeds.get(host) === true);
  }
  return feeds;
}
