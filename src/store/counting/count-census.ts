import type { Seconds } from '../../kernel/time.ts';
import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import { NewestTimes } from '../../leases/newest-times.ts';
import type { State } from '../leases/state.ts';

/** The census of a host pool at a moment. */
export interface Census {
  readonly count: number;
  /** Last contacts in the census, newest first; at least as many as the largest threshold if there are enough. */
  readonly lasts: readonly number[];
}

/** Counts the clients of every host pool, by its number, in one pass over their last contacts. @param now seconds since the epoch */
export function countCensus(state: State, now: Seconds): ReadonlyMap<number, Census> {
  const { thresholds } = state.settings;
  const kept = Math.max(thresholds.client, thresholds.server, thresholds.office, 1);
  const since = now - CENSUS_WINDOW;
  const counts: NewestTimes[] = [];
  for (const { no } of state.pools.all()) counts[no] = new NewestTimes(kept);
  state.pools.contacts.forEach((no, client, last) => {
    const time = last <= now ? last : contactUntil(state, no, client, now);
    if (time > since) counts[no]?.add(time);
  });
  return new Map(
    [...state.pools.all()].map(({ no }) => [no, { count: counts[no]?.count ?? 0, lasts: counts[no]?.cut() ?? [] }]),
  );
}

/** What is dated ahead, by a host with a fast clock, does not count yet. */
function contactUntil({ pools, records }: State, no: number, client: number, now: Seconds): number {
  const pool = pools.get(no);
  return (pool && records.contacts.lastUntil(client, pool.hostNo, pool.pool, now)) ?? 0;
}
