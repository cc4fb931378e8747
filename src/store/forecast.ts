import { forecastCensus, forecastEnds } from '../leases/forecast.ts';
import { classOf } from './catalogue.ts';
import type { Forecast } from './queries.ts';
import type { State } from './state.ts';

/** The days ahead, from what the writer thread holds in memory. */
export function forecast({ homes, names, columns, board }: State, days: number, now: number): Forecast {
  const contacts = new Map([...homes.all()].map((home) => [home.no, [] as number[]]));
  homes.cells.forEach((home, _, last) => {
    contacts.get(home)?.push(last);
  });
  const expiries = new Map<number, number[]>();
  for (let id = 1; id < columns.length; id++) {
    const expiry = columns.expiry.get(id);
    if (expiry <= now || !board.isCounted(id)) continue;
    const key = columns.host.get(id) * 4 + columns.cls(id);
    const list = expiries.get(key) ?? [];
    list.push(expiry);
    expiries.set(key, list);
  }
  return {
    asOf: now,
    days,
    hosts: [...homes.all()].map(({ no, hostNo, pool }) => ({
      host: names.hosts.name(hostNo),
      pool,
      census: forecastCensus(contacts.get(no) ?? [], now, days),
    })),
    ends: [...expiries].map(([key, list]) => ({
      host: names.hosts.name(key >>> 2),
      cls: classOf(key & 3),
      ends: forecastEnds(list, now, days),
    })),
  };
}
