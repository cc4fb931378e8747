/** What the reference tells of each host: its census, its count, its margins. */
import { DAY_S, HOUR_S } from '../../src/kernel/time.ts';
import type { LeaseRequest, Pool, ThresholdClass } from '../../src/leases/types.ts';
import {
  census,
  countAt,
  disagrees,
  freshReport,
  isKnown,
  type ModelCount,
  ownNumber,
  type Place,
} from './reference-counts.ts';
import type { ReferenceLease } from './reference-lease.ts';
import type { ModelReport, Put, World } from './world.ts';

const POOLS = ['windows', 'office'] as const satisfies readonly Pool[];
const CLASSES = ['client', 'server', 'office'] as const satisfies readonly ThresholdClass[];

export function putHosts(
  put: Put,
  world: World,
  requests: readonly LeaseRequest[],
  counted: readonly ReferenceLease[],
  now: number,
): void {
  const hosts = new Set([...requests, ...world.reports].map(({ host }) => host));
  for (const host of hosts) {
    const counts = new Map(POOLS.map((pool) => [pool, countAt(world, requests, { host, pool }, now)]));
    const isFresh = freshReport(world, host, now) !== undefined;
    putOther(put, requests, host);
    for (const pool of POOLS) putPool(put, requests, { host, pool }, isFresh ? counts.get(pool) : undefined, now);
    for (const cls of CLASSES) {
      if (!serves(world, requests, counted, host, cls, now)) continue;
      const pool = cls === 'office' ? 'office' : 'windows';
      putMargin(put, world, requests, { host, pool }, cls, counts.get(pool), now);
    }
  }
}

/** The last request for a product of no pool. */
function putOther(put: Put, requests: readonly LeaseRequest[], host: string): void {
  const last = requests.findLast((request) => request.host === host && request.pool === undefined);
  if (last !== undefined) put('kms_host_last_request_timestamp_seconds', { host, pool: 'none' }, last.time);
}

function putMargin(
  put: Put,
  world: World,
  requests: readonly LeaseRequest[],
  place: Place,
  cls: ThresholdClass,
  count: ModelCount | undefined,
  now: number,
): void {
  const labels = { host: place.host, class: cls };
  const n = world.settings.thresholds[cls];
  if (count === undefined || !isKnown(count, n)) return;
  put('kms_host_threshold_margin', labels, count.value - n);
  const breach = breachOf(world, requests, place, count, n, now);
  if (breach !== undefined) put('kms_host_threshold_breach_timestamp_seconds', labels, breach);
}

function putPool(
  put: Put,
  requests: readonly LeaseRequest[],
  { host, pool }: Place,
  count: ModelCount | undefined,
  now: number,
): void {
  if (count?.exact === true) put('kms_host_count_disagrees', { host, pool }, disagrees(count) ? 1 : 0);
  const times = requests.filter((request) => request.host === host && request.pool === pool).map(({ time }) => time);
  const last = times.at(-1);
  if (last === undefined) return;
  put('kms_host_last_request_timestamp_seconds', { host, pool }, last);
  put('kms_host_active_clients', { host, pool }, census(requests, { host, pool }, now).size);
  const gaps = times.flatMap((time, index) => {
    const before = times[index - 1];
    return before !== undefined && time > now - 30 * DAY_S && time <= now ? [time - before] : [];
  });
  put('kms_host_idle_limit_seconds', { host, pool }, Math.max(72 * HOUR_S, 4 * Math.max(0, ...gaps)));
}

function serves(
  world: World,
  requests: readonly LeaseRequest[],
  counted: readonly ReferenceLease[],
  host: string,
  cls: ThresholdClass,
  now: number,
): boolean {
  const configured = world.settings.serves[host];
  if (configured !== undefined) return configured.includes(cls);
  const month = requests.filter((one) => one.host === host && one.time > now - 30 * DAY_S && one.time <= now);
  const ids = new Set(month.filter((one) => one.cls === cls).map(({ clientId }) => clientId));
  if (ids.size >= 2) return true;
  if (counted.some(({ last, remaining = 0 }) => remaining > 0 && last.host === host && last.cls === cls)) return true;
  // A record that is dated ahead came from it too.
  if (requests.some((one) => one.host === host && one.time > now - 30 * DAY_S)) return false;
  const report = freshReport(world, host, now);
  if (report === undefined || !report.keys.some(({ key }) => world.keyClasses(key).includes(cls))) return false;
  return cls !== 'client' || hadAboveTen(world, requests, host, now);
}

function hadAboveTen(world: World, requests: readonly LeaseRequest[], host: string, now: number): boolean {
  return world.reports
    .filter((report) => report.host === host && report.time > now - 30 * DAY_S && report.time <= now)
    .some((report) => (ownNumber(world, requests, { host, pool: 'windows' }, report, report.time) ?? 0) > 10);
}

function breachOf(
  world: World,
  requests: readonly LeaseRequest[],
  place: Place,
  count: ModelCount,
  n: number,
  now: number,
): number | undefined {
  if (count.exact && count.value < n) return belowSince(world, requests, place, n, now);
  if (count.exact && (!count.spans || disagrees(count))) return undefined;
  const nth = lastContacts(requests, place, now)[n - 1];
  return nth === undefined ? fellBelow(requests, place, n, now) : nth + 30 * DAY_S;
}

/** The first report below N since the last one that was not. */
function belowSince(
  world: World,
  requests: readonly LeaseRequest[],
  place: Place,
  n: number,
  now: number,
): number | undefined {
  const numberOf = (report: ModelReport) => ownNumber(world, requests, place, report, report.time);
  const own = world.reports
    .filter((report) => report.host === place.host && report.time <= now && numberOf(report) !== undefined)
    .toSorted((a, b) => a.time - b.time);
  const above = own.findLastIndex((report) => (numberOf(report) ?? 0) >= n);
  return own[above + 1]?.time;
}

/** Of the clients in the census, newest first. */
function lastContacts(requests: readonly LeaseRequest[], { host, pool }: Place, now: number): number[] {
  const lasts = new Map<string, number>();
  for (const one of requests) {
    const isContact = one.host === host && one.pool === pool && one.hresult === 0;
    if (isContact && one.time > now - 30 * DAY_S && one.time <= now) lasts.set(one.clientId, one.time);
  }
  return [...lasts.values()].sort((a, b) => b - a);
}

/** The latest moment at which a contact's 30 days were over and that took the census below n; else the first record's. */
function fellBelow(requests: readonly LeaseRequest[], place: Place, n: number, now: number): number | undefined {
  const atHost = requests.filter(({ host }) => host === place.host);
  const moments = atHost
    .map(({ time }) => time + 30 * DAY_S)
    .filter((time) => time <= now && census(requests, place, time).size < n)
    .filter((time) => census(requests, place, time - 1).size >= n);
  return moments.length === 0 ? atHost[0]?.time : Math.max(...moments);
}
