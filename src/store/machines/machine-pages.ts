import { err, ok, type Result } from '../../kernel/result.ts';
import { fittingRows, type MachineQuery } from '../../machines/machine-query.ts';
import type { MachineTable } from '../../machines/machine-table.ts';
import { type StoreFailure, storeFailure } from '../failure.ts';
import { decode, encode } from '../reading/cursor.ts';
import type { MachineDetails } from './machine-details.ts';
import type { MachineCounts, MachinePage } from './machine-types.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** Pages of machines, by name. */
export function machinePage(
  table: MachineTable,
  details: MachineDetails,
  counts: MachineCounts,
  query: MachineQuery,
): Result<MachinePage, StoreFailure> {
  const after = query.cursor === undefined ? '' : readCursor(query.cursor);
  if (after === undefined) return err(storeFailure('bad_query', 'the cursor is not one of this list'));
  const limit = Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
  const rows = fittingRows(table, query, after, counts.asOf, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return ok({
    machines: details.all(shown),
    next_cursor: rows.length > limit && last !== undefined ? encode([LIST, table.names.at(last)]) : null,
    counts,
  });
}

const LIST = 'machine';

function readCursor(cursor: string): string | undefined {
  const [list, name] = decode(cursor) ?? [];
  return list === LIST && typeof name === 'string' ? name : undefined;
}
