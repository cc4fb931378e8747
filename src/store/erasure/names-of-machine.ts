import type { DatabaseSync } from 'node:sqlite';
import { foldMachineName } from '../../activations/machine-name.ts';
import { bareNamesOf, isBare, rangeOfFullNames, sameMachine } from '../../leases/machines.ts';
import { query } from '../database/rows.ts';

/** Tables of names of machines, as text. */
export const NAMED_TABLES = [
  'inventory_rows',
  'client_words',
  'client_reports',
  'client_asks',
  'client_events',
] as const;

/**
 * Every name under which a machine is kept, in logs or in inventories: a bare name and a full one are one machine unless
 * the bare one fits several.
 * @returns none if nothing is kept
 */
export function namesOfMachine(database: DatabaseSync, asked: string): readonly string[] {
  const name = foldMachineName(asked).replace(/\.$/, '');
  const [only, ...others] = isBare(name) ? fullNamesOf(database, name) : [name];
  const full = others.length === 0 ? only : undefined;
  const bare =
    full === undefined
      ? []
      : bareNamesOf(full).filter((each) => fullNamesOf(database, each).every((one) => one === full));
  const names = [...new Set([name, ...(full === undefined ? [] : [full]), ...bare])];
  return names.flatMap((each) => (isKept(database, each) ? [each] : [])).sort();
}

function fullNamesOf(database: DatabaseSync, bare: string): readonly string[] {
  const found = ['SELECT name FROM machines WHERE name > ? AND name < ?', ...NAMED_TABLES.map(inTable)].flatMap((sql) =>
    query(database, sql).texts(...rangeOfFullNames(bare)),
  );
  return [...new Set(found)].filter((name) => !isBare(name) && sameMachine(bare, name));
}

function inTable(table: string): string {
  return `SELECT DISTINCT machine FROM ${table} WHERE machine > ? AND machine < ?`;
}

function isKept(database: DatabaseSync, name: string): boolean {
  return (
    query(database, 'SELECT 1 FROM machines WHERE name = ?').get(name) !== undefined ||
    NAMED_TABLES.some(
      (table) => query(database, `SELECT 1 FROM ${table} WHERE machine = ? LIMIT 1`).get(name) !== undefined,
    )
  );
}
