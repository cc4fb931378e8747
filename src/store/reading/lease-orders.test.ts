import { expect, test } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { LEASE_SORTS } from '../queries.ts';
import { ORDERS, PAGE_COLUMNS, selectByLease } from './lease-orders.ts';
import { type LeaseSource, queryLeases } from './lease-source.ts';

function selectOf(sort: (typeof LEASE_SORTS)[number], source: LeaseSource): string {
  return ORDERS[sort].walk?.select(source) ?? selectByLease(source, 'expiry');
}

function planOf(sort: (typeof LEASE_SORTS)[number], table = 'leases', indexes = 'leases_0'): string {
  const database = memoryDatabase();
  const { order, descends } = ORDERS[sort];
  const plan: string[] = [];
  const source = {
    table: (index?: string) =>
      `${table} l INDEXED BY ${indexes}_${table === 'leases' || index !== 'client' ? index : 'record'}`,
  };
  const sql = `${selectOf(sort, source)} WHERE l.exclusion = 0 ORDER BY ${order.map((no) => `${no}${descends ? ' DESC' : ''}`)}`;
  for (const { detail } of database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()) plan.push(String(detail));
  return plan.join('\n');
}

test.each(LEASE_SORTS)('walks the large table by %s and sorts nothing but ties', (sort) => {
  expect(planOf(sort)).not.toMatch(/USE TEMP B-TREE FOR ORDER BY|SCAN l$/);
});

test.each(LEASE_SORTS)('walks the small table by %s', (sort) => {
  expect(planOf(sort, 'lease_changes', 'lease_changes')).not.toMatch(/USE TEMP B-TREE FOR ORDER BY|SCAN l$/);
});

test.each(LEASE_SORTS)('orders by the columns of a position, by %s', (sort) => {
  const { keys, order } = ORDERS[sort];
  expect(order.map((no) => PAGE_COLUMNS[no - 1])).toEqual(keys);
});

test.each(LEASE_SORTS)('can be asked of both tables at once, by %s', (sort) => {
  const database = memoryDatabase();
  database.exec(`INSERT INTO lease_changes SELECT ${Array.from({ length: 22 }, () => 1)}, NULL`);
  const { order } = ORDERS[sort];
  for (const index of ['expiry', 'machine', 'none'] as const) {
    const rows = queryLeases(
      database,
      (source) => `${selectByLease(source, index)} WHERE l.exclusion = ?`,
      `ORDER BY ${order} LIMIT 5`,
      [0],
    );
    expect(rows).toEqual([]);
  }
});
