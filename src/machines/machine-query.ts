import { foldMachineName } from '../activations/machine-name.ts';
import type { Seconds } from '../kernel/time.ts';
import { bareNamesOf, isBare } from '../leases/machines.ts';
import { type MachineTable, PINNED } from './machine-table.ts';
import { VERDICTS, type Verdict } from './types.ts';

/** Which machines, by name; every filter that is given must hold. */
export interface MachineQuery {
  readonly verdict?: Verdict;
  /** Seconds: those that made no request within them, or never did. */
  readonly silentFor?: Seconds;
  /** Part of a name, lower or upper case. */
  readonly client?: string;
  /** The one machine that a name means, bare or full. */
  readonly name?: string;
  /** Only those that ask a host that their domain does not publish. */
  readonly pinned?: boolean;
  /** 1 to 1000, 100 by default. */
  readonly limit?: number;
  readonly cursor?: string;
  /** For a person who waits: a failure `comparing` instead of an answer that takes seconds. */
  readonly atOnce?: true;
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

/** The rows after a name that fit, in their order, and no more than `most`. */
export function fittingRows(
  table: MachineTable,
  query: MachineQuery,
  after: string,
  now: Seconds,
  most: number,
): number[] {
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
