import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { clientId, NOW, PRO, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { DAY_S } from '../../kernel/time.ts';
import { LeasePages } from './lease-pages.ts';
import { readContext } from './read-context.ts';
import { STORED_LEASE } from './read-lease.ts';

function leaseOf({ database }: StoreInMemory) {
  const [stored] = new LeasePages(readContext(database, DEFAULT_SETTINGS)).ofMachines([1]);
  return stored;
}

it('reads each lease as it is in memory', () => {
  const others = Array.from({ length: 30 }, (_, n) => ({ client: n + 2, time: NOW - 9 * DAY_S }));
  const store = new StoreInMemory().take({ time: NOW - 8 * DAY_S }, ...others).take({ minutes: 0 });
  const { table, names, records } = store.state;
  const last = records.get(table.record.get(1));
  expect(leaseOf(store)).toEqual({
    excluded: { retired: false, superseded: false },
    duplicate: false,
    lease: {
      ...table.folded(1, (no) => names.machines.name(no)),
      ...{ clientId: clientId(1), activationId: PRO, last },
    },
  });
  expect(leaseOf(store)?.lease).toMatchObject({
    anomalies: 1,
    renewal: { time: NOW, presumed: true },
    previous: NOW - 8 * DAY_S,
  });
});

it('reads of a lease in doubt that it is, and has nothing where there is nothing', () => {
  const store = new StoreInMemory().take({ hresult: 7, status: 5, minutes: 0 });
  store.database.exec('UPDATE leases SET doubt = 1, exclusion = 3');
  expect(leaseOf(store)).toMatchObject({
    excluded: { retired: true, superseded: true },
    lease: { doubt: true, renewal: undefined, confirmed: undefined, presumed: undefined, previous: undefined },
  });
});

it('knows whether the client id is shared', () => {
  const store = new StoreInMemory();
  for (const [n, machine] of ['b', 'c', 'b', 'ws1'].entries()) store.take({ machine, time: NOW + n, recordId: n });
  const [stored] = new LeasePages(readContext(store.database, DEFAULT_SETTINGS)).ofMachines([
    store.state.names.machines.no('ws1'),
  ]);
  expect(stored?.duplicate).toBe(true);
});

it('reads as many columns as it names', () => {
  expect(new Set(STORED_LEASE).size).toBe(STORED_LEASE.length);
});
