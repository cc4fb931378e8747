import type { DatabaseSync } from 'node:sqlite';
import { damageIn } from '../../sqlite/damage.ts';
import { query } from './rows.ts';

/** A column whose values are JSON, and what is done without one that is not. */
interface JsonColumn {
  readonly table: string;
  readonly column: string;
  /** Undefined: the table is derived again. */
  readonly remedy?: string;
}

/** A value that SQLite finds sound may still be garbage: SQLite knows where it ends, not what it means. */
export const JSON_COLUMNS: readonly JsonColumn[] = [
  { table: 'hosts', column: 'log_status', remedy: "UPDATE hosts SET log_status = '{}'" },
  { table: 'reports', column: 'keys', remedy: 'UPDATE reports SET keys = NULL' },
  { table: 'host_keys', column: 'keys', remedy: 'DELETE FROM host_keys' },
  { table: 'inventory_rows', column: 'other_names', remedy: 'UPDATE inventory_rows SET other_names = NULL' },
  { table: 'closed_months', column: 'report', remedy: 'DELETE FROM closed_months' },
  { table: 'outages', column: 'subject', remedy: 'DELETE FROM outages' },
  { table: 'outbox', column: 'alert', remedy: 'DELETE FROM outbox' },
  { table: 'open_conditions', column: 'condition', remedy: 'DELETE FROM open_conditions' },
  { table: 'host_pools', column: 'state' },
  { table: 'product_use', column: 'requests' },
  { table: 'leases', column: 'contacts' },
  { table: 'lease_changes', column: 'contacts' },
];

/** Values of `meta` that are JSON, and derived or only of use to the next run. */
const JSON_META = "name IN ('clock', 'office_products') AND NOT json_valid(value)";

/** Reads the whole database once. @returns what is damaged; empty if nothing is */
export function damageOf(database: DatabaseSync): readonly string[] {
  const columns = [
    ...JSON_COLUMNS.map(({ table, column }) => [table, column, isGarbage(column)] as const),
    ['meta', 'value', JSON_META] as const,
  ];
  return [
    ...damageIn(database),
    ...columns.flatMap(([table, column, where]) => garbageIn(database, table, column, where)),
  ];
}

/** Statements that take garbage out of a database of which all can be read. */
export function withoutGarbage(): string {
  const remedies = JSON_COLUMNS.flatMap(({ column, remedy }) =>
    remedy ? [`${remedy} WHERE ${isGarbage(column)}`] : [],
  );
  return [...remedies, `DELETE FROM meta WHERE ${JSON_META}`].join(';');
}

function isGarbage(column: string): string {
  return `${column} IS NOT NULL AND NOT json_valid(${column})`;
}

function garbageIn(database: DatabaseSync, table: string, column: string, where: string): readonly string[] {
  try {
    const count = Number(query(database, `SELECT count(*) FROM ${table} WHERE ${where}`).get()?.[0]);
    return count === 0 ? [] : [`table ${table}: ${count} values of ${column} cannot be read`];
  } catch {
    // A page that cannot be read was reported before; a table that is not there is that of another version.
    return [];
  }
}
