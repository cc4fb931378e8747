import { expect, it } from 'vitest';
import { ACCESS, NOBODYS, NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { forecast } from './forecast.ts';

it('tells the census of each day ahead, and the leases that end within it', () => {
  const { state } = new StoreInMemory().take(
    { time: NOW - 29 * DAY_S, minutes: 30 * 1440 },
    { client: 2, minutes: 2 * 1440 },
  );
  expect(forecast(state, 3, seconds(NOW))).toEqual({
    asOf: NOW,
    days: 3,
    hosts: [{ host: 'kms1.corp.test', cls: 'client', pool: 'windows', census: [2, 1, 1, 1], ends: [1, 1, 0] }],
  });
});

it('counts a client that is dated ahead by the contact before, until its time has come', () => {
  const { state } = new StoreInMemory().take({ time: NOW + DAY_S / 2 }, { client: 2, time: NOW - 30 * DAY_S + 60 });
  state.table.setExclusion(1, 0);
  const store = new StoreInMemory().take(
    { client: 2, time: NOW - 29.5 * DAY_S },
    { client: 2, time: NOW + 2.5 * DAY_S },
  );
  const censusOf = (one: typeof state) => forecast(one, 4, seconds(NOW)).hosts.map(({ census }) => census);
  expect(censusOf(state)).toEqual([[1, 1, 1, 1, 1]]);
  expect(censusOf(store.state)).toEqual([[1, 0, 0, 1, 1]]);
});

it('leaves out what is superseded, retired or ended, and classes of which there is nothing to tell', () => {
  const store = new StoreInMemory().take(
    { minutes: 60, time: NOW - 7200 },
    { client: 2, activationId: ACCESS, minutes: 1440 },
    { client: 3, activationId: NOBODYS, nPolicy: 5, minutes: 60, host: 'kms2.corp.test' },
  );
  store.retire('ws2.corp.test', NOW);
  expect(
    forecast(store.state, 1, seconds(NOW)).hosts.map(({ host, cls, census, ends }) => [host, cls, census, ends]),
  ).toEqual([
    ['kms2.corp.test', 'unknown', null, [1]],
    ['kms1.corp.test', 'client', [1, 1], [0]],
    ['kms1.corp.test', 'office', [1, 1], [0]],
  ]);
});
