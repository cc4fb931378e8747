import { expect, it } from 'vitest';
import { ACCESS, NOW, SERVER, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { leaseRow } from './lease-rows.ts';

function rowsOf({ state }: StoreInMemory): unknown[] {
  return Array.from({ length: state.table.length - 1 }, (_, n) => leaseRow(state.table, state.pools.contacts, n + 1));
}

function contactsOf({ state }: StoreInMemory): string[] {
  const contacts: string[] = [];
  state.pools.contacts.forEach((...contact) => void contacts.push(contact.join(' ')));
  return contacts.sort();
}

it('has every value of every lease after a restart, and every last contact', () => {
  const store = new StoreInMemory().take(
    { time: NOW - DAY_S },
    { time: NOW - 9, minutes: 0, virtual: true, clientTime: seconds(5) },
    { client: 2, machine: 'ws1.corp.test', time: NOW - 5, hresult: 7, activationId: SERVER },
    { client: 3, host: 'kms2.corp.test', time: NOW - 7 },
    { client: 3, activationId: ACCESS, time: NOW - 3 },
    { client: 4, status: 0, minutes: 0, hresult: 7 },
  );
  store.retire('ws3.corp.test', NOW + 5);
  const again = new StoreInMemory({ database: store.database });
  expect(rowsOf(again)).toEqual(rowsOf(store));
  expect(contactsOf(again)).toEqual(contactsOf(store));
  expect(again.exclusion(1)).toBe(1);
  expect(again.exclusion(3, ACCESS)).toBe(2);
});

it('has the newer values of leases that wait to be merged', () => {
  const store = new StoreInMemory({ limits: { direct: 0, most: 100 } });
  store.take({ time: NOW - DAY_S }, { client: 2, time: NOW - DAY_S });
  store.take({ machine: 'ws9.corp.test' }, { client: 2, host: 'kms2.corp.test' });
  expect(store.state.rows.hasWaiting).toBe(true);
  const again = new StoreInMemory({ database: store.database });
  expect(rowsOf(again)).toEqual(rowsOf(store));
  expect([...again.state.table.ofMachine(again.state.names.machines.no('ws9.corp.test'))]).toEqual([again.lease()]);
  expect(contactsOf(again)).toEqual(contactsOf(store));
});

/** The numbers of host pools have ten bits in what is read of most leases. */
it('has the last contacts of an estate with more than a thousand hosts', () => {
  const requests = Array.from({ length: 1030 }, (_, n) => ({
    client: n + 1,
    host: `kms${n}.corp.test`,
    time: NOW - n,
  }));
  const store = new StoreInMemory().take(...requests);
  const again = new StoreInMemory({ database: store.database });
  expect(contactsOf(again)).toEqual(contactsOf(store));
  expect(rowsOf(again)).toEqual(rowsOf(store));
});
