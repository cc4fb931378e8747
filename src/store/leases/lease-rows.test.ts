import { expect, it, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { LEASE_COLUMNS, NEVER } from '../database/lease-table-sql.ts';
import { LEASE_SORTS } from '../queries.ts';
import { LeasePages } from '../reading/lease-pages.ts';
import { readContext } from '../reading/read-context.ts';
import { leaseRow } from './lease-rows.ts';

/** More than two changed leases in a transaction are a large batch. */
const LIMITS = { direct: 2, most: 100 };

function asked(clients: readonly number[], time: number) {
  // Of clients that tell their end themselves.
  return clients.map((client) => ({ client, time, recordId: client, hresult: 7 }));
}

/** The machines in a list, and when they asked last. */
function listed(store: StoreInMemory, sort: (typeof LEASE_SORTS)[number]): unknown[] {
  const page = new LeasePages(readContext(store.database, DEFAULT_SETTINGS)).page({ sort }, seconds(NOW));
  if (!page.ok) throw new Error(page.error.text);
  return page.value.leases.map(({ client, last_request }) => [client, Date.parse(last_request) / 1000 - NOW]);
}

it('writes the columns of LEASE_COLUMNS in their order, then the other contacts', () => {
  const store = new StoreInMemory().take({ minutes: 100, hresult: 7 });
  const row = leaseRow(store.state.table, store.state.pools.contacts, 1);
  expect(row).toHaveLength(LEASE_COLUMNS.length + 1);
  const named = Object.fromEntries(LEASE_COLUMNS.map((name, index) => [name, row[index]]));
  expect(named).toMatchObject({ id: 1, exclusion: 0, expiry: NOW + 6000, confirmed: NOW + 6000, last: NOW, record: 1 });
  expect(store.rows('SELECT * FROM leases')).toEqual([row]);
});

it('stores a lease without an end after every other', () => {
  const store = new StoreInMemory().take({ status: 0, minutes: 0 });
  expect(store.rows('SELECT expiry FROM leases')).toEqual([NEVER]);
});

it('writes few changed leases straight into the table', () => {
  const store = new StoreInMemory({ limits: LIMITS }).take(...asked([1, 2, 3], NOW - DAY_S));
  store.take(...asked([1, 3], NOW));
  expect(store.rows('SELECT last FROM leases ORDER BY id')).toEqual([NOW, NOW - DAY_S, NOW]);
  expect(store.state.rows.hasWaiting).toBe(false);
});

it('adds new leases to the table, however many, as they are its end', () => {
  const store = new StoreInMemory({ limits: LIMITS }).take(...asked([1, 2, 3, 4], NOW));
  expect(store.rows('SELECT id FROM leases')).toEqual([1, 2, 3, 4]);
  expect(store.rows('SELECT count(*) FROM lease_changes')).toEqual([0]);
});

it('holds the changed leases of a large batch in lease_changes, once each', () => {
  const store = new StoreInMemory({ limits: LIMITS }).take(...asked([1, 2, 3], NOW - DAY_S));
  store.take(...asked([3, 1, 2], NOW - 9)).take(...asked([2, 1, 3, 4], NOW));
  expect(store.rows('SELECT id, last FROM lease_changes')).toEqual([
    [1, NOW],
    [2, NOW],
    [3, NOW],
  ]);
  expect(store.rows('SELECT last FROM leases ORDER BY id')).toEqual([NOW - DAY_S, NOW - DAY_S, NOW - DAY_S, NOW]);
  expect(store.state.rows.hasWaiting).toBe(true);
});

test.each(LEASE_SORTS)('shows a large batch at once in a list by %s, each lease once', (sort) => {
  const store = new StoreInMemory({ limits: LIMITS }).take(...asked([1, 2, 3, 4], NOW - DAY_S));
  store.take(...[1, 2, 4].map((client) => ({ client, time: NOW - client, recordId: client, hresult: 7 })));
  const rows = [
    ['ws1.corp.test', -1],
    ['ws2.corp.test', -2],
    ['ws3.corp.test', -DAY_S],
    ['ws4.corp.test', -4],
  ];
  const byTime = rows.toSorted(([, a], [, b]) => Number(a) - Number(b));
  const order = { client: rows, expiry: byTime, last_request: byTime.toReversed() };
  expect(listed(store, sort)).toEqual(order[sort]);
  store.state.rows.merge();
  expect(store.state.rows.hasWaiting).toBe(false);
  expect(listed(store, sort)).toEqual(order[sort]);
});

it('writes a waiting lease into the table with its next change, and lets it wait no longer', () => {
  const store = new StoreInMemory({ limits: LIMITS }).take(...asked([1, 2, 3], NOW - DAY_S));
  store.take(...asked([1, 2, 3], NOW - 9)).take(...asked([2], NOW));
  expect(store.rows('SELECT id FROM lease_changes')).toEqual([1, 3]);
  expect(store.rows('SELECT last FROM leases WHERE id = 2')).toEqual([NOW]);
});

it('merges what waits, and the machine of a renamed lease with it', () => {
  const store = new StoreInMemory({ limits: LIMITS }).take(...asked([1, 2, 3], NOW - DAY_S));
  store.take({ client: 1, machine: 'ws9.corp.test' }, { client: 2 }, { client: 3 });
  store.state.rows.merge();
  expect(store.rows('SELECT name FROM leases JOIN machines ON machines.id = machine ORDER BY leases.id')).toEqual([
    'ws9.corp.test',
    'ws2.corp.test',
    'ws3.corp.test',
  ]);
  expect(store.rows('SELECT count(*) FROM lease_changes')).toEqual([0]);
});

it('merges some of them with a batch if too many wait', () => {
  const store = new StoreInMemory({ limits: { direct: 2, most: 3 } }).take(...asked([1, 2, 3, 4], NOW - DAY_S));
  store.take(...asked([1, 2, 3], NOW - 9));
  expect(store.rows('SELECT count(*) FROM lease_changes')).toEqual([3]);
  store.take(...asked([2, 3, 4], NOW));
  expect(store.rows('SELECT count(*) FROM lease_changes')).toEqual([0]);
  expect(store.rows('SELECT last FROM leases ORDER BY id')).toEqual([NOW - 9, NOW, NOW, NOW]);
});

/** Rows are merged 8000 at a time. */
it('goes round the table, so that a merge begins where the last one ended', () => {
  const store = new StoreInMemory({ limits: { direct: 2, most: 50_000 } });
  const clients = Array.from({ length: 8005 }, (_, n) => n + 1);
  store.take(...asked(clients, NOW - DAY_S)).take(...asked(clients.toReversed(), NOW));
  store.state.rows.merge();
  expect(store.rows('SELECT id FROM lease_changes ORDER BY id')).toEqual([8001, 8002, 8003, 8004, 8005]);
  store.take(...asked([1, 2, 3], NOW + 1));
  expect(store.rows('SELECT id FROM lease_changes ORDER BY id')).toEqual([1, 2, 3, 8001, 8002, 8003, 8004, 8005]);
  store.state.rows.merge();
  expect(store.rows('SELECT id FROM lease_changes ORDER BY id')).toEqual([1, 2, 3]);
  store.state.rows.merge();
  expect(store.rows('SELECT count(*) FROM lease_changes')).toEqual([0]);
  expect(store.rows('SELECT DISTINCT last FROM leases ORDER BY last')).toEqual([NOW, NOW + 1]);
});

it('deletes a lease wherever it is', () => {
  const store = new StoreInMemory({ limits: LIMITS })
    .take(...asked([1, 2, 3], NOW - DAY_S))
    .take(...asked([1, 2, 3], NOW));
  store.state.rows.touch(2);
  store.state.rows.delete(2);
  store.state.rows.save();
  expect(store.rows('SELECT id FROM leases')).toEqual([1, 3]);
  expect(store.rows('SELECT id FROM lease_changes')).toEqual([1, 3]);
});

it('knows after a restart what waits, and still merges it', () => {
  const store = new StoreInMemory({ limits: LIMITS })
    .take(...asked([1, 2, 3], NOW - DAY_S))
    .take(...asked([1, 2, 3], NOW));
  const again = new StoreInMemory({ database: store.database, limits: LIMITS });
  expect(again.state.rows.hasWaiting).toBe(true);
  again.state.rows.merge();
  expect(again.rows('SELECT DISTINCT last FROM leases')).toEqual([NOW]);
  expect(again.state.rows.hasWaiting).toBe(false);
});
