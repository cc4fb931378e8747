import type { HostAggregates } from '../store/aggregates.ts';
import { isRead, type RecordsView } from './records.ts';
import type { EstateView } from './view.ts';

/**
 * Whether the log of each host is being read: by a subscription that stands, or by records that have arrived within
 * `activations.stale_after`. A host of whose log nothing was ever heard or asked is not there.
 */
export function logsRead(estate: EstateView, records: RecordsView): ReadonlyMap<string, boolean> {
  const read = new Map<string, boolean>();
  for (const host of records.aggregates?.hosts ?? []) {
    read.set(host.host, isRead(host, records.now, records.staleAfter));
  }
  for (const { host, subscription } of estate.hosts) {
    if (subscription?.up === undefined) continue;
    read.set(host, subscription.up || read.get(host) === true);
  }
  return read;
}

/** The hosts whose margins are to be believed: a margin from a log that nobody reads any more is withdrawn. */
export function readHosts(estate: EstateView, records: RecordsView): readonly HostAggregates[] {
  const read = logsRead(estate, records);
  return (records.aggregates?.hosts ?? []).filter(({ host }) => read.get(host) === true);
}
