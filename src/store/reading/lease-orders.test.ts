import { expect, it, test } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { LEASE_SORTS } from '../queries.ts';
import { ORDERS, PAGE_COLUMNS } from './lease-orders.ts';
import { queryLeases } from './lease-source.ts';

function planOf(sort: (typeof LEASE_SORTS)[number], isSmall = false): string {
  const database = memoryDatabase();
  const { select, order, descends } = ORDERS[sort];
  const plan: string[] = [];
  const source = {
    table: (index?: string) => (isSmall ? 'lease_changes l' : `leases l INDEXED BY leases_0_${index}`),
    isSmall,
  };
  const sql = `${select(source)} WHERE l.exclusion = 0 ORDER BY ${order.map((no) => `${no}${descends ? ' DESC' : ''}`)}`;
  for (const { detail } of database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()) plan.push(String(detail));
  return plan.join('\n');
}

test.each(LEASE_SORTS)('walks the large table by %s and sorts nothing but ties', (sort) => {
  expect(planOf(sort)).not.toMatch(/USE TEMP B-TREE FOR ORDER BY|SCAN l$/);
});

test.each(LEASE_SORTS)('orders by the columns of a position, by %s', (sort) => {
  const { keys, order } = ORDERS[sort];
  expect(order.map((no) => PAGE_COLUMNS[no - 1])).toEqual(keys);
});

test.each(LEASE_SORTS)('can be asked of both tables at once, by %s', (sort) => {
  const database = memoryDatabase();
  database.exec(`INSERT INTO lease_changes SELECT ${Array.from({ length: 22 }, () => 1)}, NULL`);
  const { select, order } = ORDERS[sort];
  for (const ofMachines of [true, false]) {
    const rows = queryLeases(
      database,
      (source) => `${select(source, ofMachines)} WHERE l.exclusion = ?`,
      `ORDER BY ${order} LIMIT 5`,
      [0],
    );
    expect(rows).toEqual([]);
  }
});

it('finds leases in doubt by the index that has no others', () => {
  expect(ORDERS.expiry.select({ table: (index) => `by ${index}`, isSmall: false }, false, true)).toContain('by doubt');
});
