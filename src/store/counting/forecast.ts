import { type Seconds, seconds } from '../../kernel/time.ts';
import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import { CensusAhead, EndsAhead } from '../../leases/forecast.ts';
import type { HostPool } from '../../leases/host-pool.ts';
import { isComing } from '../../leases/log-history.ts';
import { addContact, isPresent } from '../../leases/presence.ts';
import type { LeaseClass } from '../../leases/types.ts';
import { poolOf } from '../../products/product.ts';
import type { HostAggregates, MarginAggregates } from '../aggregates.ts';
import { CLASSES, classOf } from '../database/numbering.ts';
import type { State } from '../leases/state.ts';
import type { Forecast, ForecastQuestion, HostForecast } from '../queries.ts';
import { isCounted } from './lease-states.ts';
import { type Stopping, stoppingOf } from './stopping.ts';

/**
 * The days ahead, from the columns in memory.
 * @param known counts that are known, by host
 */
export function forecast(
  state: State,
  { days, without }: ForecastQuestion,
  now: Seconds,
  known: readonly Pick<HostAggregates, 'host' | 'margins' | 'historyAt'>[] = [],
): Forecast {
  const stopping = without === null ? undefined : stoppingOf(state, without);
  const { names } = state;
  const censuses = censusesOf(state, days, now, stopping);
  const ends = endsOf(state, days, now, stopping);
  // While a history is coming in, a part of the log would say that the count has fallen.
  const whole = known.filter(({ historyAt }) => !isComing(historyAt, now));
  const margins = new Map(whole.map(({ host, margins: own }) => [String(host), own]));
  const hosts = new Set([...ends.keys()].map((key) => key >>> 2));
  for (const { hostNo } of state.pools.all()) hosts.add(hostNo);
  return {
    asOf: now,
    days,
    without,
    stopping: stopping === undefined ? null : stopping.clients.size,
    hosts: [...hosts].flatMap((no) =>
      CLASSES.flatMap((name, index) => {
        const cls = classOf(index);
        const pool = poolOf(cls);
        const ending = ends.get(no * 4 + index);
        const own = pool === undefined ? undefined : censuses.get(`${no} ${pool}`);
        const census = own?.census;
        const hasClients = census?.some((clients) => clients > 0) === true && isAsked(state, no, name, now);
        if (ending === undefined && !hasClients) return [];
        const host = names.hosts.name(no);
        const margin = margins.get(host)?.find((one) => one.cls === name);
        return [
          {
            host,
            cls,
            pool: pool ?? null,
            census: pool === undefined ? null : (census ?? new Array<number>(days + 1).fill(0)),
            ends: ending ?? new Array<number>(days).fill(0),
            ...countOf(state, margin, own, stopping !== undefined, now),
          },
        ];
      }),
    ),
  };
}

/** The count now, what it takes, and when it falls below that. */
function countOf(
  { settings }: State,
  margin: MarginAggregates | undefined,
  ahead: Ahead | undefined,
  isPartly: boolean,
  now: Seconds,
): Pick<HostForecast, 'count' | 'threshold' | 'breach'> {
  if (margin === undefined) return { count: null, threshold: null, breach: null };
  const threshold = settings.thresholds[margin.cls];
  const count = margin.margin + threshold;
  if (!isPartly || count < threshold) return { count, threshold, breach: margin.breach ?? null };
  // This many of those that stop have to be left.
  const needed = threshold - (count - (ahead?.untils.length ?? 0));
  const untils = (ahead?.untils ?? []).toSorted((a, b) => b - a);
  const breach = needed <= 0 ? undefined : untils[needed - 1];
  return { count, threshold, breach: breach === undefined ? null : seconds(Math.max(breach, now)) };
}

/** Whether the class was asked for in the last 30 days: else the pool's census is not about it. */
function isAsked({ logs }: State, host: number, cls: LeaseClass, now: Seconds): boolean {
  return isPresent(logs.of(host).classes[cls] ?? [], now);
}

/** A host and pool: its census now and each day ahead, and until when those count that stop. */
interface Ahead {
  readonly census: readonly number[];
  readonly untils: readonly number[];
}

/** By host and pool. Counted as they come: a list of a million intervals would be 100 MB for a moment. */
function censusesOf({ pools, records }: State, days: number, now: Seconds, stopping?: Stopping): Map<string, Ahead> {
  const censuses = new Map<
    number,
    { readonly pool: HostPool; readonly census: CensusAhead; readonly untils: number[] }
  >();
  for (const pool of pools.all()) censuses.set(pool.no, { pool, census: new CensusAhead(now, days), untils: [] });
  pools.contacts.forEach((no, client, last) => {
    const own = censuses.get(no);
    if (own === undefined) return;
    const until = last + CENSUS_WINDOW;
    if (stopping !== undefined && until > now) {
      if (!stopping.clients.has(client)) {
        own.census.add(Math.min(last, now), Number.POSITIVE_INFINITY);
        return;
      }
      own.untils.push(until);
    }
    if (last <= now) {
      own.census.add(last, until);
      return;
    }
    // What is dated after now, by a host with a fast clock, does not count before.
    const before = records.contacts.lastUntil(client, own.pool.hostNo, own.pool.pool, now);
    const earlier = before === undefined ? [] : addContact([], before).presence;
    for (const { from, until: end } of addContact(earlier, last).presence) own.census.add(from, end);
  });
  return new Map(
    [...censuses.values()].map(({ pool: { hostNo, pool }, census, untils }) => [
      `${hostNo} ${pool}`,
      { census: census.perDay(), untils },
    ]),
  );
}

/** By host * 4 + class of the lease's last request; only where leases end within these days. */
function endsOf(state: State, days: number, now: Seconds, stopping?: Stopping): Map<number, number[]> {
  const { table } = state;
  const ends = new Map<number, EndsAhead>();
  for (let id = 1; id < table.length; id++) {
    const expiry = table.expiry(id);
    if (expiry <= now || !isCounted(state, id, now)) continue;
    if (stopping !== undefined && !stopping.machines.has(table.machine.get(id))) continue;
    const key = table.host.get(id) * 4 + table.cls(id);
    const own = ends.get(key) ?? new EndsAhead(now, days);
    own.add(expiry);
    ends.set(key, own);
  }
  const perDay = [...ends].map(([key, own]) => [key, own.perDay()] as const);
  return new Map(perDay.filter(([, leases]) => leases.some((count) => count > 0)));
}
