import { err, ok, type Result } from '../kernel/result.ts';
import { columnsOf } from './columns.ts';
import { foldNames } from './fold.ts';
import { openTable, withoutNames } from './read-inventory.ts';
import { namesOf } from './read-row.ts';
import type { Refusal, SourceRefusal } from './types.ts';

/** The names of machines in a file, and the rows that have none. */
export interface NamesOfFile {
  /** As logs have them; a bare name and the full one of the same machine are one. */
  readonly names: readonly string[];
  readonly refused: readonly Refusal[];
}

const REMEDY = 'write the name of a machine, bare or full';

/**
 * Reads which machines a file names, in any form of an inventory: names one a line, CSV, JSON. In a plain list, what
 * follows a `#` counts for nothing. Whatever else the file says of the machines is not looked at.
 */
export async function readNames(bytes: Uint8Array): Promise<Result<NamesOfFile, SourceRefusal>> {
  const opened = await openTable(bytes);
  if (!opened.ok) return opened;
  const { form, header, rows } = opened.value;
  const columns = columnsOf(header);
  if (columns.size === 0) return err(withoutNames(header));
  const names: string[] = [];
  const refused: Refusal[] = [];
  let row = 0;
  for await (const cells of rows) {
    const plain = form === 'names' ? cells.map((cell) => cell.replace(/#.*/, '')) : cells;
    if (plain.every((cell) => cell.trim() === '')) continue;
    row++;
    const { names: found, mistake = 'it has no name' } = namesOf(plain, columns);
    if (found[0] === undefined) refused.push({ row, reason: mistake, remedy: REMEDY });
    else names.push(found[0]);
  }
  return ok({ names: foldNames(names), refused });
}
