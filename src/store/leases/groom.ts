import { DAY_S } from '../../kernel/time.ts';
import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import { isForgotten } from '../../leases/state.ts';
import { query } from '../database/rows.ts';
import type { State } from './state.ts';

/** Rows of one slice: some 20 ms, so that senders hardly wait. */
const SLICE = 1000;

/**
 * Forgets some records that are older than the history and than any lease, and some leases that were silent for too long.
 * @returns whether there may be more
 */
export function groom(state: State, now: number): boolean {
  // A lease that is remembered can be derived again as long as its records are there.
  const horizon = now - Math.max(state.settings.history, state.settings.leases.forgetAfter);
  const records = forgetRecords(state, horizon);
  const leases = forgetLeases(state, now);
  if (records === SLICE || leases === SLICE) return true;
  state.reports.forgetBefore(horizon);
  for (const pool of state.pools.all()) {
    pool.book.forgetBefore(horizon - CENSUS_WINDOW - DAY_S);
    pool.changed = true;
  }
  return false;
}

function forgetRecords({ database }: State, horizon: number): number {
  query(database, 'DELETE FROM notices WHERE time < ?').run(horizon);
  return query(
    database,
    `DELETE FROM records WHERE id IN (
       SELECT id FROM records INDEXED BY records_key WHERE time < ? LIMIT ${SLICE})`,
  ).run(horizon);
}

function forgetLeases({ table, rows, former, counters, settings }: State, now: number): number {
  let forgotten = 0;
  for (let id = 1; id < table.length && forgotten < SLICE; id++) {
    if (!table.isKnown(id) || !isForgotten(table.last.get(id), now, settings.leases)) continue;
    table.remove(id);
    rows.delete(id);
    forgotten += 1;
  }
  counters.add('forgotten', forgotten);
  former.forgetBefore(now - settings.leases.forgetAfter);
  return forgotten;
}
