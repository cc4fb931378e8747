import { expect, it } from 'vitest';
import { ACCESS, NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { retire, silentMachines } from './retire.ts';

function retired(store: StoreInMemory, ...clients: readonly string[]) {
  const marked: string[] = [];
  const result = retire(store.state, clients, (no) => void marked.push(store.state.names.machines.name(no)));
  return { ...result, marked };
}

it('retires the very name that was given, once, in lower case', () => {
  const store = new StoreInMemory().take({});
  expect(retired(store, 'WS1.corp.test', 'ws1.CORP.test')).toMatchObject({ retired: ['ws1.corp.test'], unknown: [] });
});

it('retires a machine by a name that only means it, and says which names mean none', () => {
  const store = new StoreInMemory().take({});
  expect(retired(store, 'ws1', 'WS2')).toEqual({ retired: ['ws1'], unknown: ['WS2'], marked: ['ws1.corp.test'] });
});

it('knows a machine by the name that it had before', () => {
  const store = new StoreInMemory().take({}).take({ machine: 'renamed.corp.test', time: NOW + 5 });
  expect(retired(store, 'ws1.corp.test').unknown).toEqual([]);
});

it('knows no machine of which the leases were forgotten', () => {
  const store = new StoreInMemory().take({});
  store.state.table.remove(store.lease());
  expect(retired(store, 'ws1.corp.test')).toEqual({ retired: [], unknown: ['ws1.corp.test'], marked: [] });
});

it('finds machines that have been silent with every lease, under every name', () => {
  const store = new StoreInMemory().take(
    { client: 1, time: NOW - 10 },
    { client: 2, time: NOW - 10 },
    { client: 2, activationId: ACCESS, time: NOW },
    { client: 3, time: NOW - 10 },
    { client: 4, machine: 'ws3', time: NOW },
    { client: 5, time: NOW },
  );
  expect([silentMachines(store.state, NOW - 5), silentMachines(store.state, NOW - 10)]).toEqual([
    ['ws1.corp.test'],
    [],
  ]);
});

it('leaves out what is retired, and takes it again once it has asked and is silent again', () => {
  const store = new StoreInMemory().take({ time: NOW - 10 }).retire('ws1.corp.test', NOW - 9);
  expect(silentMachines(store.state, NOW)).toEqual([]);
  store.take({ time: NOW - 5 });
  expect(silentMachines(store.state, NOW)).toEqual(['ws1.corp.test']);
});

it('knows a name in either form of its letters with marks', () => {
  const store = new StoreInMemory().take({ machine: 'b\u00fcro.corp.test' });
  expect(retired(store, 'BU\u0308RO')).toMatchObject({ unknown: [], marked: ['b\u00fcro.corp.test'] });
});
