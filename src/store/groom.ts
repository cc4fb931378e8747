import { DAY_S } from '../kernel/time.ts';
import { CENSUS_WINDOW } from '../leases/census-window.ts';
import { isForgotten } from '../leases/state.ts';
import { query } from './rows.ts';
import type { State } from './state.ts';

/** Rows of one slice: some 20 ms, so that senders hardly wait. */
const SLICE = 1000;

/** Forgets some records that are older than the history and than any lease, and some leases that were silent for too long. @returns whether there may be more */
export function groom(state: State, now: number): boolean {
  // A lease that is remembered can be derived again as long as its records are there.
  const horizon = now - Math.max(state.settings.history, state.settings.leases.forgetAfter);
  const records = forgetRecords(state, horizon);
  const leases = forgetLeases(state, now);
  if (records === SLICE || leases === SLICE) return true;
  state.reports.forgetBefore(horizon);
  for (const home of state.homes.all()) {
    home.book.forgetBefore(horizon - CENSUS_WINDOW - DAY_S);
    home.changed = true;
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

function forgetLeases({ database, columns, board, leases, counters, settings }: State, now: number): number {
  const forgotten: number[] = [];
  for (let id = 1; id < columns.length && forgotten.length < SLICE; id++) {
    if (columns.isKnown(id) && isForgotten(columns.last.get(id), now, settings.leases)) forgotten.push(id);
  }
  if (forgotten.length > 0) leases.unwritten.write();
  for (const id of forgotten) {
    board.takeLease(id);
    board.takeMachine(columns.machine.get(id));
    columns.remove(id, leases.get(id)?.client ?? 0);
    leases.delete(id);
  }
  board.settle();
  counters.add('forgotten', forgotten.length);
  query(database, 'DELETE FROM strays WHERE time < ?').run(now - settings.leases.forgetAfter);
  return forgotten.length;
}
