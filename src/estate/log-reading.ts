import type { HostAggregates } from '../store/aggregates.ts';
import { isRead, type RecordsView } from './records.ts';
import type { EstateView } from './view.ts';

/**
 * Whether the log of each host is being read: its subscription stands, or records of it have been sent within
 * `activations.stale_after`. A host of whose log nothing was heard or asked yet is not there.
 */
export function logsRead({ hosts }: EstateView, records: RecordsView): ReadonlyMap<string, boolean> {
  const { aggregates, now, staleAfter } = records;
  const subscriptions = new Map(
    hosts.flatMap(({ host, subscription }) => (subscription ? [[host, subscription]] : [])),
  );
  const read = new Map<string, boolean>();
  for (const host of aggregates?.hosts ?? []) {
    const subscription = subscriptions.get(host.host);
    if (subscription === undefined) read.set(host.host, isRead(host, now, staleAfter));
    // What a subscription that broke off has brought is no sign that it stands; what somebody sends is.
    else if (host.lastPush !== undefined && host.lastPush > now - staleAfter) read.set(host.host, true);
  }
  for (const [host, { up }] of subscriptions) {
    if (up !== undefined) read.set(host, up || read.get(host) === true);
  }
  return read;
}

/** The hosts whose log was heard lately: what rests on one that was not is withdrawn. */
export function readHosts({ aggregates, now, staleAfter }: RecordsView): readonly HostAggregates[] {
  return (aggregates?.hosts ?? []).filter((host) => isRead(host, now, staleAfter));
}
