import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { readMeta } from '../database/meta.ts';
import { query, type Row } from '../database/rows.ts';

/** An index of a table of leases, or the table as it is. */
export type LeaseIndex = 'expiry' | 'machine' | 'client' | 'doubt' | 'none';

/** How a statement names leases: `leases` alone or, for the rows of a large batch that are newer, `lease_changes`. */
export interface LeaseSource {
  /** The table as `l`. */
  readonly table: (index: LeaseIndex) => string;
}

/**
 * Asks the same of both tables of leases. To be called inside of a transaction, so that both are of one moment.
 * @param select a statement without ORDER BY @param rest ORDER BY by numbers of columns, and LIMIT
 */
export function queryLeases(
  database: DatabaseSync,
  select: (source: LeaseSource) => string,
  rest: string,
  values: readonly SQLInputValue[],
  restValues: readonly SQLInputValue[] = [],
): readonly Row[] {
  const generation = readMeta(database, 'lease_generation') ?? '0';
  const large: LeaseSource = {
    table: (index) => `leases l ${index === 'none' ? 'NOT INDEXED' : `INDEXED BY leases_${generation}_${index}`}`,
  };
  if (query(database, 'SELECT 1 FROM lease_changes LIMIT 1').get() === undefined) {
    return query(database, `${select(large)} ${rest}`).all(...values, ...restValues);
  }
  const sql = `${select(large)} AND l.id NOT IN (SELECT id FROM lease_changes) UNION ALL ${select(SMALL)} ${rest}`;
  return query(database, sql).all(...values, ...values, ...restValues);
}

/** Its indexes; that of last requests takes the place of the one of clients, as it grows at its end. */
const SMALL_INDEXES = { expiry: 'expiry', machine: 'machine', client: 'record', doubt: undefined, none: undefined };

const SMALL: LeaseSource = {
  table: (index) => {
    const name = SMALL_INDEXES[index];
    return `lease_changes l${name === undefined ? '' : ` INDEXED BY lease_changes_${name}`}`;
  },
};
