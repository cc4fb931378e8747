/** The count of section 6 once more, by looking at all requests again. */
import { DAY_S } from '../../src/kernel/time.ts';
import type { LeaseRequest, Pool } from '../../src/leases/types.ts';
import type { ModelReport, World } from './world.ts';

/** A host and one of its pools. */
export interface Place {
  readonly host: string;
  readonly pool: Pool;
}

export interface ModelCount {
  /** The host's own number, where it is believed. */
  readonly r: number | undefined;
  readonly exact: boolean;
  readonly census: number;
  /** The census and those of unknown products beside it. */
  readonly wide: number;
  readonly spans: boolean;
  readonly value: number;
}

export function census(requests: readonly LeaseRequest[], { host, pool }: Place, t: number): Set<string> {
  return idsIn(requests, t - 30 * DAY_S, t, (one) => one.host === host && one.pool === pool);
}

/** The client ids with an answered request in (after, until]. */
function idsIn(
  requests: readonly LeaseRequest[],
  after: number,
  until: number,
  of: (request: LeaseRequest) => boolean,
): Set<string> {
  const own = requests.filter((one) => one.hresult === 0 && one.time > after && one.time <= until && of(one));
  return new Set(own.map(({ clientId }) => clientId));
}

/** @param product of the client that asks; undefined for the pool as such */
export function countAt(
  world: World,
  requests: readonly LeaseRequest[],
  place: Place,
  t: number,
  product?: string,
): ModelCount {
  const ids = census(requests, place, t);
  const strangers = idsIn(
    requests,
    t - 30 * DAY_S,
    t,
    (one) => one.host === place.host && one.cls === 'unknown' && world.product(one.activationId) === undefined,
  );
  const common = {
    census: ids.size,
    wide: new Set([...ids, ...strangers]).size,
    spans: spansAt(world, requests, place.host, t),
  };
  const report = newestReport(world, place.host, t);
  const base = report && ownNumber(world, requests, place, report, t, product);
  if (report === undefined || base === undefined) return { ...common, r: undefined, exact: false, value: ids.size };
  const r = base + newSince(requests, place, report.time, t);
  const exact = isExact(requests, place, r, t);
  const end = report.time + world.settings.reportStaleAfter;
  const believed =
    t < end || (t < end + 30 * DAY_S && exact && disagrees(countAt(world, requests, place, report.time)));
  if (!believed) return { ...common, r: undefined, exact: false, value: ids.size };
  return { ...common, r, exact, value: exact ? r : Math.max(r, ids.size) };
}

function newestReport(world: World, host: string, t: number): ModelReport | undefined {
  const own = world.reports.filter((report) => report.host === host && report.time <= t);
  return own.toSorted((a, b) => a.time - b.time).at(-1);
}

export function freshReport(world: World, host: string, t: number): ModelReport | undefined {
  const newest = newestReport(world, host, t);
  return newest !== undefined && newest.time > t - world.settings.reportStaleAfter ? newest : undefined;
}

/** Of several keys of a pool. */
export function ownNumber(
  world: World,
  requests: readonly LeaseRequest[],
  { host, pool }: Place,
  report: ModelReport,
  t: number,
  product?: string,
): number | undefined {
  const keys = report.keys.flatMap((one) =>
    one.pool === pool && one.clients !== undefined ? [{ key: one.key, n: one.clients }] : [],
  );
  if (keys.length === 0) return undefined;
  const covers = (key: string, id: string) => ['yes', 'some'].includes(world.covers(key, id));
  const month = requests.filter((one) => one.host === host && one.time > t - 30 * DAY_S && one.time <= t);
  const ofProduct = keys.filter(({ key }) => product !== undefined && covers(key, product));
  const used = keys.filter(({ key }) => month.some(({ activationId }) => covers(key, activationId)));
  for (const some of [ofProduct, used]) if (some.length > 0) return Math.min(...some.map(({ n }) => n));
  return Math.max(...keys.map(({ n }) => n));
}

/** Client ids answered since a report which the census did not have then. */
function newSince(requests: readonly LeaseRequest[], place: Place, report: number, t: number): number {
  const then = census(requests, place, report);
  const since = idsIn(requests, report, t, (one) => one.host === place.host && one.pool === place.pool);
  return [...since].filter((id) => !then.has(id)).length;
}

function isExact(requests: readonly LeaseRequest[], { host, pool }: Place, r: number, t: number): boolean {
  const policies = requests
    .filter((one) => one.host === host && one.pool === pool && one.hresult === 0)
    .filter(({ time }) => time > t - 30 * DAY_S && time <= t)
    .map(({ nPolicy }) => nPolicy);
  return policies.length === 0 ? r !== 10 && r < 50 : r < 2 * Math.max(...policies);
}

function spansAt(world: World, requests: readonly LeaseRequest[], host: string, t: number): boolean {
  const since = t - 30 * DAY_S;
  const first = requests.find((one) => one.host === host)?.time;
  const gap = world.gaps.some((one) => one.host === host && one.time > since && one.time <= t);
  return first !== undefined && first <= since && !gap;
}

/** More than 5 and more than a quarter of the larger apart; anything from the census to the one with strangers agrees. */
export function disagrees({ r, exact, census: low, wide: high, spans }: ModelCount): boolean {
  if (r === undefined || !exact || !spans || (r >= low && r <= high)) return false;
  const other = r < low ? low : high;
  return Math.abs(r - other) > 5 && 4 * Math.abs(r - other) > Math.max(r, other);
}

export function isKnown({ exact, value, wide, spans }: ModelCount, n: number): boolean {
  return exact || value >= n || (spans && wide < n);
}
