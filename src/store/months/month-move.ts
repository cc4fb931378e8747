import type { DatabaseSync } from 'node:sqlite';
import { boundsOf } from '../../kernel/calendar-month.ts';
import { rfc3339OfSeconds, type Seconds } from '../../kernel/time.ts';
import { ephemeralNames } from '../../leases/duplicates.ts';
import { isForgotten } from '../../leases/state.ts';
import { moveAt } from '../counting/move.ts';
import { num, query, text } from '../database/rows.ts';
import { ONE_FULL_NAME } from '../history/machine-names.ts';
import { queryLeases } from '../reading/lease-source.ts';
import type { StoreSettings } from '../settings.ts';
import type { MonthMove } from './month-types.ts';

/** Names in a report: more would be no list for a person. */
const MOST_NAMES = 5000;

/**
 * How far the move of `leases.migrating` is, counted as on the status page.
 * @returns null for a month before it
 */
export function monthMove(
  database: DatabaseSync,
  settings: StoreSettings,
  month: string,
  now: Seconds,
): MonthMove | null {
  const move = moveAt(database, settings, now);
  if (move === undefined || move.since >= boundsOf(month)[1]) return null;
  const isEphemeral = ephemeralNames(settings.leases.ephemeral);
  const machines = new Map<number, { readonly name: string; hasMoved: boolean }>();
  const nameOf = query(database, 'SELECT name FROM machines WHERE id = ?');
  const sql = ({ table }: Parameters<Parameters<typeof queryLeases>[1]>[0]) =>
    `SELECT l.host, l.machine, l.last, coalesce(f.full, l.machine), l.product
     FROM ${table('none')} LEFT JOIN ${ONE_FULL_NAME} f ON f.bare = l.machine WHERE l.exclusion = 0`;
  for (const row of queryLeases(database, sql, '', [])) {
    const [host = 0, no = 0, last = 0, machine = 0, product = 0] = row.map(num);
    const known = machines.get(machine) ?? { name: text(nameOf.get(machine)?.[0]), hasMoved: false };
    if (isForgotten(last, isEphemeral(known.name), now, settings.leases)) continue;
    machines.set(machine, known);
    if (move.how(host, no, last, product) !== undefined) known.hasMoved = true;
  }
  const left = [...machines.values()].flatMap(({ name, hasMoved }) => (hasMoved ? [] : [name]));
  return {
    to: move.to,
    since: rfc3339OfSeconds(move.since),
    moved: machines.size - left.length,
    left: left.length,
    guessed: move.isGuessed,
    still_renewing: left.sort().slice(0, MOST_NAMES),
  };
}
