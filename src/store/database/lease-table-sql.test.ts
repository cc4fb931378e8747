import type { DatabaseSync } from 'node:sqlite';
import { expect, it, test } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { LEASE_COLUMNS, largeIndexSql, leaseTableSql } from './lease-table-sql.ts';

function columnsOf(database: DatabaseSync, table: string): unknown[] {
  return database
    .prepare('SELECT name FROM pragma_table_info(?) ORDER BY cid')
    .all(table)
    .map(({ name }) => name);
}

function indexesOf(database: DatabaseSync, table: string): unknown[] {
  return database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? ORDER BY name")
    .all(table)
    .map(({ name }) => name);
}

test.each(['leases', 'lease_changes'])('%s has the columns of LEASE_COLUMNS in their order, then contacts', (table) => {
  expect(columnsOf(memoryDatabase(), table)).toEqual([...LEASE_COLUMNS, 'contacts']);
});

it('has the large table found by machine, client, expiry and doubt, and the small one by machine, expiry and last request', () => {
  const database = memoryDatabase();
  expect(indexesOf(database, 'leases')).toEqual([
    'leases_0_client',
    'leases_0_doubt',
    'leases_0_expiry',
    'leases_0_machine',
  ]);
  expect(indexesOf(database, 'lease_changes')).toEqual([
    'lease_changes_expiry',
    'lease_changes_machine',
    'lease_changes_record',
  ]);
});

it('makes a table beside the large one that can take its place, indexes and all', () => {
  const database = memoryDatabase();
  database.exec(`${leaseTableSql('leases_next', 'leases_1')}; ${largeIndexSql('leases_next', 'leases_1')}`);
  database.exec('DROP TABLE leases; ALTER TABLE leases_next RENAME TO leases');
  expect(columnsOf(database, 'leases')).toEqual([...LEASE_COLUMNS, 'contacts']);
  expect(indexesOf(database, 'leases')).toEqual([
    'leases_1_client',
    'leases_1_doubt',
    'leases_1_expiry',
    'leases_1_machine',
  ]);
});

it('takes the same record of a log once only', () => {
  const database = memoryDatabase();
  const insert = database.prepare(`INSERT OR IGNORE INTO records (client, time, host, log, record_id, product, machine,
    n_policy, hresult, status, minutes, virtual, named_host) VALUES (?, 5, 1, ?, ?, 1, 1, 25, 0, 1, 0, 0, 1)`);
  expect([insert.run(1, 0, 7), insert.run(2, 0, 7), insert.run(1, 1, 7), insert.run(1, 0, 8)].map(changesOf)).toEqual([
    1, 0, 1, 1,
  ]);
});

function changesOf({ changes }: { readonly changes: number | bigint }): number {
  return Number(changes);
}
