import type { DatabaseSync } from 'node:sqlite';
import { query, text } from './rows.ts';

/** A value that the store keeps about itself. */
export type MetaName =
  | 'clock'
  | 'derivation'
  | 'forest'
  | 'heard'
  | 'inventory'
  | 'lease_generation'
  | 'office_products'
  | 'tick';

export function readMeta(database: DatabaseSync, name: MetaName): string | undefined {
  const value = query(database, 'SELECT value FROM meta WHERE name = ?').get(name)?.[0];
  return value === undefined ? undefined : text(value);
}

export function writeMeta(database: DatabaseSync, name: MetaName, value: string): void {
  query(database, 'INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(name, value);
}
