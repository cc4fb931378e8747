import type { HostName } from '../kernel/host-name.ts';
import { SECOND_MS, type Seconds } from '../kernel/time.ts';
import { isComing } from '../leases/log-history.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import { isHeard, type LogsSnapshot } from './logs-snapshot.ts';
import type { EstateSnapshot } from './snapshot.ts';

/**
 * Whether the log of each host is being read: its subscription is open, or within `activations.stale_after` records of it
 * have been sent, or a report said that it was read. A host of whose log nothing was sent or asked yet is not there, so one whose log was only imported.
 */
export function logsRead(
  { at, hosts }: EstateSnapshot,
  { aggregates, now, staleAfter }: LogsSnapshot,
): ReadonlyMap<HostName, boolean> {
  const oldest = now - staleAfter;
  const subscriptions = new Map(hosts.map(({ host, subscription }) => [host, subscription]));
  const read = new Map<HostName, boolean>();
  for (const { host, lastPush } of aggregates?.hosts ?? []) {
    // An import begins no reading that could break off.
    if (lastPush === undefined) continue;
    const isPushed = lastPush > oldest;
    // What a subscription that broke off has brought is no sign that it is open.
    if (isPushed || subscriptions.get(host) === undefined) read.set(host, isPushed);
  }
  for (const { host, report, subscription } of hosts) {
    const told = report?.logRead === undefined ? undefined : report.logRead > at - staleAfter * SECOND_MS;
    const signs = [read.get(host), told, subscription?.up].filter((sign) => sign !== undefined);
    if (signs.length > 0) read.set(host, signs.includes(true));
  }
  return read;
}

/** The hosts whose history is still coming in, with the event time until which it has come. */
export function hostsReading({
  aggregates,
  now,
}: Pick<LogsSnapshot, 'aggregates' | 'now'>): ReadonlyMap<HostName, Seconds> {
  const hosts = (aggregates?.hosts ?? []).filter(({ historyAt }) => isComing(historyAt, now));
  return new Map(hosts.map(({ host, lastEvent }) => [host, lastEvent ?? now]));
}

/**
 * The hosts whose log is known up to now: it was heard from within `activations.stale_after`, an import included, or its
 * subscription is open, however silent the host is.
 */
export function knownLogs(estate: EstateSnapshot, logs: LogsSnapshot): ReadonlySet<HostName> {
  const read = logsRead(estate, logs);
  const known = (logs.aggregates?.hosts ?? []).filter(
    (host) => read.get(host.host) === true || isHeard(host, logs.now, logs.staleAfter),
  );
  return new Set(known.map(({ host }) => host));
}

/** The hosts whose counts are to be believed: their log is known, or they have lately said how many they count. */
export function heardHosts(estate: EstateSnapshot, logs: LogsSnapshot): readonly HostAggregates[] {
  const reporting = new Set(estate.hosts.filter(({ report }) => report?.fresh !== undefined).map(({ host }) => host));
  const known = knownLogs(estate, logs);
  const { hosts = [], reporting: unlogged = [] } = logs.aggregates ?? {};
  return [
    ...hosts.filter(({ host }) => known.has(host) || reporting.has(host)),
    ...unlogged.filter(({ host }) => reporting.has(host)),
  ];
}
