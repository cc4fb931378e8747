import { DAY_S, type Seconds, seconds } from '../../kernel/time.ts';
import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import { isForgotten } from '../../leases/state.ts';
import { readMeta, writeMeta } from '../database/meta.ts';
import { query } from '../database/rows.ts';
import type { ClockTick } from '../store-types.ts';
import type { State } from './state.ts';

/**
 * Up to when two witnesses say that time has come: the clock, and the newest record of the hosts with what has passed
 * since it was new. A clock alone, which may be wrong by years, deletes nothing. A record dated ahead is no witness of its
 * date: if the clock then steps to it, nobody else has said so.
 * @param heard the newest record that has come in this run, none later than the time at which it came; 0: none has
 */
export function provenTime(
  { database, logs }: State,
  now: Seconds,
  { memory, lived }: ClockTick,
  heard: Seconds,
): Seconds {
  writeMeta(database, 'clock', memory);
  const known = (readMeta(database, 'heard') ?? '').split(' ').map(Number);
  const [time = Number.NaN, at = Number.NaN] = known;
  const before = time + Math.max(0, lived - at);
  const newest = Number.isFinite(before) ? heard : Math.max(heard, Math.min(now, logs.newestEvent()));
  if (before >= newest) return seconds(Math.min(now, before));
  writeMeta(database, 'heard', `${newest} ${lived}`);
  return seconds(Math.min(now, newest));
}

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
  forgetClients(state, horizon, now - state.settings.leases.forgetAfter);
  for (const pool of state.pools.all()) {
    pool.book.forgetBefore(horizon - CENSUS_WINDOW - DAY_S);
    pool.wide?.forgetBefore(horizon - CENSUS_WINDOW - DAY_S);
    pool.changed = true;
  }
  return false;
}

/** Rows of machines that nobody names any more. */
function forgetClients({ database }: State, horizon: number, named: number): void {
  query(database, 'DELETE FROM client_events WHERE time < ?').run(horizon);
  query(database, 'DELETE FROM client_reports WHERE time < ?').run(horizon);
  query(database, 'DELETE FROM inventory_rows WHERE word_at < ?').run(named);
  query(database, 'DELETE FROM client_words WHERE at < ?').run(named);
  query(database, 'DELETE FROM client_asks WHERE max(asked_at, answered_at, failed_at) < ?').run(named);
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
    if (!table.isKnown(id) || !isForgotten(table.last.get(id), table.isEphemeral(id), now, settings.leases)) continue;
    table.remove(id);
    rows.delete(id);
    forgotten += 1;
  }
  counters.add('forgotten', forgotten);
  former.forgetBefore(now - settings.leases.forgetAfter);
  return forgotten;
}
