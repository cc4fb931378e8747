import { forecastCensus, forecastEnds } from '../leases/forecast.ts';
import { addContact, isPresent, type Presence } from '../leases/presence.ts';
import type { LeaseClass } from '../leases/types.ts';
import { poolOf } from '../products/product.ts';
import { CLASSES, classOf } from './catalogue.ts';
import type { Home } from './home.ts';
import type { Forecast } from './queries.ts';
import type { State } from './state.ts';

/** The days ahead, from what the writer thread holds in memory. */
export function forecast(state: State, days: number, now: number): Forecast {
  const { names } = state;
  const censuses = censusesOf(state, days, now);
  const ends = endsOf(state, days, now);
  const hosts = new Set([...ends.keys()].map((key) => key >>> 2));
  for (const home of state.homes.all()) hosts.add(home.hostNo);
  return {
    asOf: now,
    days,
    hosts: [...hosts].flatMap((no) =>
      CLASSES.flatMap((name, index) => {
        const cls = classOf(index);
        const pool = poolOf(cls);
        const ending = ends.get(no * 4 + index);
        const census = pool === undefined ? undefined : censuses.get(`${no} ${pool}`);
        const isCounted = census?.some((clients) => clients > 0) === true && isAsked(state, no, name, now);
        if (ending === undefined && !isCounted) return [];
        return [
          {
            host: names.hosts.name(no),
            cls,
            pool: pool ?? null,
            census: pool === undefined ? null : (census ?? new Array<number>(days + 1).fill(0)),
            ends: ending ?? new Array<number>(days).fill(0),
          },
        ];
      }),
    ),
  };
}

/** Whether the class was asked for in the last 30 days: else the pool's census is not about it. */
function isAsked({ marks }: State, host: number, cls: LeaseClass, now: number): boolean {
  return isPresent(marks.of(host).classes[cls] ?? [], now);
}

/** By host and pool. */
function censusesOf({ homes, records }: State, days: number, now: number): Map<string, number[]> {
  const presences = new Map<number, { readonly home: Home; readonly all: Presence[number][] }>();
  for (const home of homes.all()) presences.set(home.no, { home, all: [] });
  homes.cells.forEach((no, client, last) => {
    const own = presences.get(no);
    if (own === undefined) return;
    // What is dated after now, by a host whose clock is ahead, does not count before.
    const before = last > now ? records.contactUntil(client, own.home.hostNo, own.home.pool, now) : undefined;
    const earlier = before === undefined ? [] : addContact([], before).presence;
    for (const interval of addContact(earlier, last).presence) own.all.push(interval);
  });
  return new Map(
    [...presences.values()].map(({ home: { hostNo, pool }, all }) => [
      `${hostNo} ${pool}`,
      forecastCensus(all, now, days),
    ]),
  );
}

/** By host * 4 + class of the lease's last request; only where leases end within these days. */
function endsOf({ columns, board }: State, days: number, now: number): Map<number, number[]> {
  const expiries = new Map<number, number[]>();
  for (let id = 1; id < columns.length; id++) {
    const expiry = columns.expiry.get(id);
    if (expiry <= now || !board.isCounted(id)) continue;
    const key = columns.host.get(id) * 4 + columns.cls(id);
    const list = expiries.get(key) ?? [];
    list.push(expiry);
    expiries.set(key, list);
  }
  const ends = [...expiries].map(([key, list]) => [key, forecastEnds(list, now, days)] as const);
  return new Map(ends.filter(([, perDay]) => perDay.some((leases) => leases > 0)));
}
