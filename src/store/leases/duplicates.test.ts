import { expect, it } from 'vitest';
import { clientId, memoryDatabase, NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { Duplicates } from './duplicates.ts';

it('knows after a restart what was saved, unless it is to begin with none', () => {
  const database = memoryDatabase();
  const duplicates = new Duplicates(database);
  duplicates.add(7, NOW);
  expect(new Duplicates(database).has(7)).toBe(false);
  duplicates.save();
  expect([...new Duplicates(database).clients()]).toEqual([7]);
  expect([...new Duplicates(database, true).clients()]).toEqual([]);
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
