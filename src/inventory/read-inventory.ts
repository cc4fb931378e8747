import { setImmediate } from 'node:timers/promises';
import { printable } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Seconds } from '../kernel/time.ts';
import { listed } from '../kernel/words.ts';
import { columnsOf } from './columns.ts';
import { csvTable } from './csv-table.ts';
import { decoded } from './decode.ts';
import { jsonTable } from './json-table.ts';
import { MAX_SOURCE_BYTES } from './limits.ts';
import { areOfRecordsAlone } from './record-keys.ts';
import { refusedByOctets, refusedByText } from './refused-source.ts';
import { MAX_ROWS, type Table } from './table.ts';
import { ROWS_A_TURN, TableReader } from './table-reader.ts';
import type { Inventory, SourceRefusal } from './types.ts';

/** A JSON document is in memory as a whole. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

const START = 64 * 1024;

export interface ReadingTimes {
  /** When the source was written or sent: rows are as old if it has no dates. */
  readonly readAt: Seconds;
  readonly now: Seconds;
}

/**
 * Reads a list of machines, or of their licences, in any form: CSV, JSON, NDJSON or names one a line.
 * @param bytes the whole source, at most `MAX_SOURCE_BYTES`
 * @returns what it says; or why it can be no such list, and what to do
 */
export async function readInventory(bytes: Uint8Array, times: ReadingTimes): Promise<Result<Inventory, SourceRefusal>> {
  const table = await openTable(bytes);
  return table.ok ? readRows(table.value, times) : table;
}

/** The rows of a source in any form; or why it can be none. */
export async function openTable(bytes: Uint8Array): Promise<Result<Table, SourceRefusal>> {
  if (bytes.length > MAX_SOURCE_BYTES) return err(tooLarge(MAX_SOURCE_BYTES));
  const refused = refusedByOctets(bytes);
  if (refused !== undefined) return err(refused);
  const start = beginningOf(bytes);
  const refusedText = refusedByText(start);
  if (refusedText !== undefined) return err(refusedText);
  return /^\s*[[{]/.test(start) ? readJson(bytes) : await readCsv(bytes);
}

function beginningOf(bytes: Uint8Array): string {
  for (const text of decoded(bytes)) if (text !== '') return text.slice(0, START);
  return '';
}

function readJson(bytes: Uint8Array): Result<Table, SourceRefusal> {
  if (bytes.length > MAX_JSON_BYTES) return err(tooLarge(MAX_JSON_BYTES));
  const table = jsonTable([...decoded(bytes)].join(''));
  return table.ok && areOfRecordsAlone(table.value.header) ? err(LOG) : table;
}

/** The host of a record would be taken for a machine that was seen today. */
const LOG: SourceRefusal = {
  reason: 'it has records of a log, and is not a list of machines',
  remedy: 'send records to POST /api/v1/events, or use kmswatch import',
};

async function readCsv(bytes: Uint8Array): Promise<Result<Table, SourceRefusal>> {
  try {
    return ok(await csvTable(decoded(bytes)));
  } catch (error) {
    return err(broken(error));
  }
}

async function readRows(table: Table, times: ReadingTimes): Promise<Result<Inventory, SourceRefusal>> {
  if (columnsOf(table.header).size === 0) return err(withoutNames(table.header));
  const reader = new TableReader(table, times.readAt);
  let read = 0;
  try {
    for await (const cells of table.rows) {
      reader.add(cells);
      if (++read % ROWS_A_TURN === 0) await setImmediate();
      if (read > MAX_ROWS) return err({ reason: `it has more than ${MAX_ROWS} rows`, remedy: 'split it' });
    }
  } catch (error) {
    return err(broken(error));
  }
  return read === 0 ? err(WITHOUT_ROWS) : ok(await reader.finish(times.now));
}

/** An export that found nothing, or broke off: nobody has an organisation without a machine. */
const WITHOUT_ROWS: SourceRefusal = {
  reason: 'it has no row, and so no machine',
  remedy: 'look at the filter or the search base of the export, and export it again; what was known stays as it is',
};

function tooLarge(limit: number): SourceRefusal {
  return { reason: `it is larger than ${limit / 1024 / 1024} MiB`, remedy: 'export fewer columns, or as CSV' };
}

export function withoutNames(header: readonly string[]): SourceRefusal {
  const columns = header.flatMap((name) => (name.trim() === '' ? [] : [`'${printable(name.trim(), 32)}'`]));
  const has = columns.length === 0 ? 'it is empty' : `no column has names of machines, only ${listed(columns, 8)}`;
  return { reason: has, remedy: "name a column 'Name', 'ComputerName' or 'DNSHostName'" };
}

/** Errors of the CSV parser are about the source; any other is ours. */
function broken(error: unknown): SourceRefusal {
  if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_'))) throw error;
  return {
    reason: printable(error.message, 160),
    remedy: 'look for a quote that is never closed, and export it again',
  };
}
