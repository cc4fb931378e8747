import { foldMachineName } from '../../activations/machine-name.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { Seconds } from '../../kernel/time.ts';
import { bareNamesOf, isBare } from '../../leases/machines.ts';
import type { MachineJson } from '../../machines/machine-json.ts';
import type { MachineTable } from '../../machines/machine-table.ts';
import { PINNED } from '../../machines/machine-table.ts';
import { VERDICTS } from '../../machines/types.ts';
import { type StoreFailure, storeFailure } from '../failure.ts';
import { decode, encode } from '../reading/cursor.ts';
import type { MachineDetails } from './machine-details.ts';
import type { MachineCounts, MachineQuery } from './machine-types.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** Pages of machines, by name. */
export function machinePage(
  table: MachineTable,
  details: MachineDetails,
  counts: MachineCounts,
  query: MachineQuery,
): Result<{ machines: readonly MachineJson[]; next_cursor: string | null; counts: MachineCounts }, StoreFailure> {
  const after = query.cursor === undefined ? '' : readCursor(query.cursor);
  if (after === undefined) return err(storeFailure('bad_query', 'the cursor is not one of this list'));
  const limit = Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
  const rows = fittingRows(table, query, after, counts.asOf, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return ok({
    machines: details.all(shown),
    next_cursor: rows.length > limit && last !== undefined ? writeCursor(table.names.at(last)) : null,
    counts,
  });
}

/** The machines that a name means. */
function* meantBy(table: MachineTable, name: string): Iterable<number> {
  const own = table.names.indexOf(name);
  if (own !== -1) yield table.machineOf(own);
  // A full name that nobody has is of a machine whose bare one is known; a bare one, of those whose full one begins so.
  else if (!isBare(name))
    yield* bareNamesOf(name)
      .map((bare) => table.names.indexOf(bare))
      .filter((row) => row !== -1);
  else {
    for (let row = table.names.lowerBound(`${name}.`); row < table.length; row++) {
      if (!table.names.at(row).startsWith(`${name}.`)) return;
      yield row;
    }
  }
}

/** The rows after a name that fit, in their order, and no more than so many. */
function fittingRows(table: MachineTable, query: MachineQuery, after: string, now: Seconds, most: number): number[] {
  const { client, name } = query;
  const fits = fitting(table, query, now);
  const from = after === '' ? 0 : firstAfter(table, after);
  if (name !== undefined) return first(meantBy(table, foldMachineName(name)), fits, most);
  if (client !== undefined) return first(namedLike(table, client, from), fits, most);
  const rows: number[] = [];
  // Without an iterator, as these may be a million.
  for (let row = from; row < table.length && rows.length < most; row++) if (fits(row)) rows.push(row);
  return rows;
}

function first(rows: Iterable<number>, fits: (row: number) => boolean, most: number): number[] {
  const found: number[] = [];
  for (const row of rows) {
    if (fits(row)) found.push(row);
    if (found.length === most) break;
  }
  return found;
}

/** The rows from one on that have a text in their names. */
function* namedLike(table: MachineTable, client: string, from: number): Iterable<number> {
  let last = -1;
  for (const found of table.names.search(client.toLowerCase(), from)) {
    // A bare name that means a full one has it in it: the full one is found too.
    if (found < from || found === last) continue;
    last = found;
    yield found;
  }
}

function firstAfter({ names }: MachineTable, name: string): number {
  const row = names.lowerBound(name);
  return row < names.length && names.at(row) === name ? row + 1 : row;
}

function fitting(
  table: MachineTable,
  { verdict, silentFor, pinned }: MachineQuery,
  now: Seconds,
): (row: number) => boolean {
  const place = verdict === undefined ? -1 : VERDICTS.indexOf(verdict);
  const before = silentFor === undefined ? Number.POSITIVE_INFINITY : now - silentFor;
  return (row) =>
    (place === -1 || table.verdict.get(row) === place) &&
    table.isMachine(row) &&
    table.lastRequest.get(row) < before &&
    (pinned === undefined || table.has(row, PINNED) === pinned);
}

const LIST = 'machine';

function writeCursor(name: string): string {
  return encode([LIST, name]);
}

function readCursor(cursor: string): string | undefined {
  const [list, name] = decode(cursor) ?? [];
  return list === LIST && typeof name === 'string' ? name : undefined;
}
