import type { HostAggregates } from '../store/aggregates.ts';
import { isHeard, type RecordsView } from './records.ts';
import type { EstateView } from './view.ts';

/**
 * Whether the log of each host is being read: its subscription stands, or within `activations.stale_after` records of it
 * have been sent, or a report said that it was read. A host of whose log nothing was heard or asked yet is not there.
 */
export function logsRead(
  { at, hosts }: EstateView,
  { aggregates, now, staleAfter }: RecordsView,
): ReadonlyMap<string, boolean> {
  const oldest = now - staleAfter;
  const views = new Map(hosts.map((view) => [view.host, view]));
  const read = new Map<string, boolean>();
  for (const { host, lastPush } of aggregates?.hosts ?? []) {
    const isPushed = lastPush !== undefined && lastPush > oldest;
    // What a subscription that broke off has brought is no sign that it stands.
    if (isPushed || views.get(host)?.subscription === undefined) read.set(host, isPushed);
  }
  for (const { host, report, subscription } of hosts) {
    const told = report?.logRead === undefined ? undefined : report.logRead > at - staleAfter * 1000;
    const signs = [read.get(host), told, subscription?.up].filter((sign) => sign !== undefined);
    if (signs.length > 0) read.set(host, signs.includes(true));
  }
  return read;
}

/**
 * The hosts whose log is known up to now: it was heard from within `activations.stale_after`, an import included, or its
 * subscription stands, however silent the host is.
 */
export function knownLogs(estate: EstateView, records: RecordsView): ReadonlySet<string> {
  const read = logsRead(estate, records);
  const known = (records.aggregates?.hosts ?? []).filter(
    (host) => read.get(host.host) === true || isHeard(host, records.now, records.staleAfter),
  );
  return new Set(known.map(({ host }) => host));
}

/** The hosts whose counts are to be believed: their log is known, or they have lately said how many they count. */
export function heardHosts(estate: EstateView, records: RecordsView): readonly HostAggregates[] {
  const reporting = new Set(estate.hosts.filter(({ report }) => report?.fresh !== undefined).map(({ host }) => host));
  const known = knownLogs(estate, records);
  return (records.aggregates?.hosts ?? []).filter(({ host }) => known.has(host) || reporting.has(host));
}
