import { expect, it } from 'vitest';
import { clientId, memoryDatabase, NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { DAY_S } from '../../kernel/time.ts';
import { Duplicates } from './duplicates.ts';

it('knows after a restart what was saved, unless it is to begin with none', () => {
  const database = memoryDatabase();
  const duplicates = new Duplicates(database);
  duplicates.set(7, { since: NOW, until: NOW + 5 });
  expect(new Duplicates(database).has(7)).toBe(false);
  duplicates.save();
  expect([...new Duplicates(database).recent(NOW)]).toEqual([7]);
  expect([...new Duplicates(database).recent(NOW + 30 * DAY_S + 5)]).toEqual([]);
  expect(new Duplicates(database, true).has(7)).toBe(false);
  duplicates.set(7, undefined);
  duplicates.save();
  expect(new Duplicates(database).has(7)).toBe(false);
});

it('takes a client id for shared once its first machine is back after another', () => {
  const store = new StoreInMemory().take({ machine: 'a' }).take({ machine: 'b', time: NOW + 60 });
  expect(store.state.duplicates.has(1)).toBe(false);
  store.take({ machine: 'a', time: NOW + 120 });
  expect(store.rows('SELECT client, since FROM duplicates')).toEqual([[1, NOW + 120]]);
});

it('finds the same when the record in between comes last', () => {
  const store = new StoreInMemory().take({ machine: 'a' }).take({ machine: 'a', time: NOW + 120 });
  store.take({ machine: 'b', time: NOW + 60 });
  expect(store.rows('SELECT client, since FROM duplicates')).toEqual([[1, NOW + 120]]);
});

it('takes no bare name and its FQDN for two machines', () => {
  const names = ['ws1', 'ws1.corp.test', 'ws1', 'ws1.corp.test'];
  const store = new StoreInMemory();
  for (const [n, machine] of names.entries()) store.take({ machine, time: NOW + 60 * n });
  expect(store.state.duplicates.has(1)).toBe(false);
  expect(store.rows('SELECT renamed FROM clients')).toEqual([1]);
  expect(store.state.names.clients.guidOf(1)).toBe(clientId(1));
});

it('makes a lease for each machine once a client id is shared, and goes on with each', () => {
  const store = new StoreInMemory();
  for (const [n, machine] of ['a', 'b', 'a'].entries()) store.take({ machine, time: NOW + n * DAY_S, recordId: n });
  store.take({ machine: 'b', time: NOW + 7 * DAY_S }).take({ machine: 'a', time: NOW + 3 * DAY_S });
  const leases = store.rows(
    'SELECT m.name, l.first, l.last FROM leases l JOIN machines m ON m.id = l.machine ORDER BY m.name',
  );
  expect(leases).toEqual([
    ['a', NOW, NOW + 3 * DAY_S],
    ['b', NOW + DAY_S, NOW + 7 * DAY_S],
  ]);
  expect(store.rows('SELECT since, until FROM duplicates')).toEqual([[NOW + 2 * DAY_S, NOW + 7 * DAY_S]]);
});
