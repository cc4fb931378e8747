import type { Seconds } from '../../kernel/time.ts';
import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import { CensusAhead, EndsAhead } from '../../leases/forecast.ts';
import type { HostPool } from '../../leases/host-pool.ts';
import { addContact, isPresent } from '../../leases/presence.ts';
import type { LeaseClass } from '../../leases/types.ts';
import { poolOf } from '../../products/product.ts';
import { CLASSES, classOf } from '../history/catalogue.ts';
import type { State } from '../leases/state.ts';
import type { Forecast } from '../queries.ts';
import { isCounted } from './count-leases.ts';

/** The days ahead, from the columns in memory. */
export function forecast(state: State, days: number, now: Seconds): Forecast {
  const { names } = state;
  const censuses = censusesOf(state, days, now);
  const ends = endsOf(state, days, now);
  const hosts = new Set([...ends.keys()].map((key) => key >>> 2));
  for (const { hostNo } of state.pools.all()) hosts.add(hostNo);
  return {
    asOf: now,
    days,
    hosts: [...hosts].flatMap((no) =>
      CLASSES.flatMap((name, index) => {
        const cls = classOf(index);
        const pool = poolOf(cls);
        const ending = ends.get(no * 4 + index);
        const census = pool === undefined ? undefined : censuses.get(`${no} ${pool}`);
        const hasClients = census?.some((clients) => clients > 0) === true && isAsked(state, no, name, now);
        if (ending === undefined && !hasClients) return [];
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
function isAsked({ logs }: State, host: number, cls: LeaseClass, now: Seconds): boolean {
  return isPresent(logs.of(host).classes[cls] ?? [], now);
}

/** By host and pool. Counted as they come: a list of a million intervals would be 100 MB for a moment. */
function censusesOf({ pools, records }: State, days: number, now: Seconds): Map<string, number[]> {
  const censuses = new Map<number, { readonly pool: HostPool; readonly census: CensusAhead }>();
  for (const pool of pools.all()) censuses.set(pool.no, { pool, census: new CensusAhead(now, days) });
  pools.contacts.forEach((no, client, last) => {
    const own = censuses.get(no);
    if (own === undefined) return;
    if (last <= now) own.census.add(last, last + CENSUS_WINDOW);
    else {
      // What is dated after now, by a host with a fast clock, does not count before.
      const before = records.contactUntil(client, own.pool.hostNo, own.pool.pool, now);
      const earlier = before === undefined ? [] : addContact([], before).presence;
      for (const { from, until } of addContact(earlier, last).presence) own.census.add(from, until);
    }
  });
  return new Map(
    [...censuses.values()].map(({ pool: { hostNo, pool }, census }) => [`${hostNo} ${pool}`, census.perDay()]),
  );
}

/** By host * 4 + class of the lease's last request; only where leases end within these days. */
function endsOf(state: State, days: number, now: Seconds): Map<number, number[]> {
  const { table } = state;
  const ends = new Map<number, EndsAhead>();
  for (let id = 1; id < table.length; id++) {
    const expiry = table.expiry(id);
    if (expiry <= now || !isCounted(state, id, now)) continue;
    const key = table.host.get(id) * 4 + table.cls(id);
    const own = ends.get(key) ?? new EndsAhead(now, days);
    own.add(expiry);
    ends.set(key, own);
  }
  const perDay = [...ends].map(([key, own]) => [key, own.perDay()] as const);
  return new Map(perDay.filter(([, leases]) => leases.some((count) => count > 0)));
}
