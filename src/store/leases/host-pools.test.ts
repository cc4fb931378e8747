import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { ACCESS, NOBODYS, NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S } from '../../kernel/time.ts';

function censusAt({ state }: StoreInMemory, time: number, pool: 'windows' | 'office' = 'windows'): number {
  return state.pools.at(state.names.hosts.no(hostName('kms1.corp.test')), pool).book.countAt(time);
}

it('counts each client of a host once in 30 days, Windows and Office apart', () => {
  const store = new StoreInMemory().take(
    { time: NOW - 40 * DAY_S },
    { client: 2, time: NOW - 20 * DAY_S },
    { client: 2, time: NOW - 10 * DAY_S },
    { client: 3, activationId: ACCESS },
    { client: 4, host: 'kms2.corp.test' },
  );
  expect([NOW - 40 * DAY_S, NOW - 20 * DAY_S, NOW - 10 * DAY_S, NOW].map((time) => censusAt(store, time))).toEqual([
    1, 2, 1, 1,
  ]);
  expect(censusAt(store, NOW, 'office')).toBe(1);
});

it('counts the same when records come newest first, over a restart', () => {
  const newest = new StoreInMemory().take({ time: NOW - 10 * DAY_S }, { client: 2, time: NOW - 5 * DAY_S });
  const store = new StoreInMemory({ database: newest.database }).take(
    { time: NOW - 20 * DAY_S },
    { time: NOW - 60 * DAY_S },
  );
  expect([60, 31, 30, 21, 20, 5].map((days) => censusAt(store, NOW - days * DAY_S))).toEqual([1, 1, 0, 0, 1, 2]);
});

it('counts nobody whom the host has refused, but notes that it was asked', () => {
  const store = new StoreInMemory().take({ hresult: 7 });
  expect(censusAt(store, NOW)).toBe(0);
  expect([...store.state.pools.all()].map(({ lastRequest }) => lastRequest)).toEqual([NOW]);
});

it('has no pool for a product of which no table tells the class', () => {
  const store = new StoreInMemory().take({ activationId: NOBODYS, nPolicy: 5 });
  expect([...store.state.pools.all()].map(({ lastRequest, book }) => [lastRequest, book.countAt(NOW)])).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect([...store.state.pools.all()].map(({ wide }) => wide?.countAt(NOW))).toEqual([1, 1]);
});

it('has leases folded again whose request has enough clients by a record that comes late', () => {
  const others = Array.from({ length: 24 }, (_, n) => ({ client: n + 2, time: NOW - n - 1 }));
  const unlicensed = { status: 5, minutes: 0 } as const;
  const store = new StoreInMemory().take(unlicensed, ...others.slice(1));
  expect(store.state.table.expiry(store.lease())).toBe(0);
  store.take(...others.slice(0, 1));
  expect(store.state.table.expiry(store.lease())).toBe(NOW + 180 * DAY_S);
});

it('counts beyond 25 for an N-policy that is larger, those who asked before too', () => {
  const clients = Array.from({ length: 90 }, (_, n) => ({ client: n + 2, time: NOW - n - 1 }));
  const store = new StoreInMemory().take(...clients);
  expect(censusAt(store, NOW)).toBe(75);
  store.take({ nPolicy: 31 });
  expect(censusAt(store, NOW)).toBe(91);
});

it('watches the thresholds of a new configuration', () => {
  const clients = Array.from({ length: 30 }, (_, n) => ({ client: n + 1 }));
  const store = new StoreInMemory().take(...clients);
  store.state.configure({ ...DEFAULT_SETTINGS, thresholds: { client: 30, server: 5, office: 5 } });
  expect(censusAt(store, NOW)).toBe(30);
});

it('is the same after a restart', () => {
  const store = new StoreInMemory().take(
    {},
    { client: 2, activationId: ACCESS },
    { client: 3, host: 'kms2.corp.test' },
  );
  const again = new StoreInMemory({ database: store.database });
  const poolsOf = ({ state }: StoreInMemory) =>
    [...state.pools.all()].map(({ no, hostNo, pool, state }) => [no, hostNo, pool, state]);
  expect(poolsOf(again)).toEqual(poolsOf(store));
});
