import type { DatabaseSync } from 'node:sqlite';
import { query } from '../database/rows.ts';

/** The conditions that were open when the agent last saved them, one text each, in their order. */
export function loadOpenConditions(database: DatabaseSync): readonly string[] {
  return query(database, 'SELECT condition FROM open_conditions ORDER BY position').texts();
}

export function saveOpenConditions(database: DatabaseSync, conditions: readonly string[]): void {
  query(database, 'DELETE FROM open_conditions').run();
  const put = query(database, 'INSERT INTO open_conditions (position, condition) VALUES (?, ?)');
  for (const [position, condition] of conditions.entries()) put.run(position, condition);
}
