import { expect, it } from 'vitest';
import { NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { writeMeta } from '../database/meta.ts';
import { queryLeases } from './lease-source.ts';

const LIMITS = { direct: 0, most: 100 };

function lastsOf({ database }: StoreInMemory, restValues: readonly number[] = [10]) {
  return queryLeases(
    database,
    (source) => `SELECT l.id, l.last FROM ${source.table('expiry')} WHERE l.exclusion = ?`,
    'ORDER BY 2, 1 LIMIT ?',
    [0],
    restValues,
  );
}

it('takes each lease from where its row is newest, in one order', () => {
  const store = new StoreInMemory({ limits: LIMITS });
  store.take({ time: NOW - 9 }, { client: 2, time: NOW - 8 }, { client: 3, time: NOW - 7 }).take({ time: NOW });
  expect(store.rows('SELECT id FROM lease_changes')).toEqual([1]);
  expect(lastsOf(store)).toEqual([
    [2, NOW - 8],
    [3, NOW - 7],
    [1, NOW],
  ]);
  expect(lastsOf(store, [2])).toEqual([
    [2, NOW - 8],
    [3, NOW - 7],
  ]);
});

it('shows no row of the large table in place of one that does not fit any more', () => {
  const store = new StoreInMemory({ limits: LIMITS }).take({ time: NOW - 9 }, { client: 2, time: NOW - 8 });
  store.take({ client: 3, machine: 'ws1.corp.test', time: NOW });
  expect(store.rows('SELECT id, exclusion FROM lease_changes')).toEqual([[1, 1]]);
  expect(lastsOf(store)).toEqual([
    [2, NOW - 8],
    [3, NOW],
  ]);
});

it('asks the large table alone if nothing waits, by the indexes of its generation', () => {
  const store = new StoreInMemory().take({});
  const asked: string[] = [];
  const select = (source: { table: (index: 'expiry') => string }) => {
    asked.push(source.table('expiry'));
    return `SELECT id FROM ${source.table('expiry')} WHERE exclusion = 0`;
  };
  queryLeases(store.database, select, '', []);
  expect(asked).toEqual(['leases l INDEXED BY leases_0_expiry']);
  writeMeta(store.database, 'lease_generation', '7');
  expect(() => queryLeases(store.database, select, '', [])).toThrow('no such index: leases_7_expiry');
});
