import { expect, it } from 'vitest';
import { ACCESS, NOBODYS, NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { seconds } from '../../kernel/time.ts';
import { overview } from './overview.ts';

const DAY_MINUTES = 1440;

it('counts the ends of each day of all leases that count', () => {
  const store = new StoreInMemory().take(
    { minutes: 5, hresult: 7 },
    { client: 2, minutes: DAY_MINUTES, hresult: 7 },
    { client: 3, minutes: DAY_MINUTES + 1, hresult: 7 },
    { client: 4, minutes: 5, hresult: 7 },
    { client: 5, minutes: 5, hresult: 7, time: NOW - 600 },
    { client: 6, minutes: 9 * DAY_MINUTES, hresult: 7 },
  );
  store.retire('ws4.corp.test', NOW);
  expect(overview(store.state, 3, seconds(NOW)).ends).toEqual([2, 1, 0]);
});

it('names every product that was asked for, once, in order', () => {
  const { state } = new StoreInMemory().take(
    {},
    { activationId: ACCESS, recordId: 2 },
    { activationId: NOBODYS, recordId: 3 },
  );
  expect(overview(state, 1, seconds(NOW))).toMatchObject({
    asOf: NOW,
    products: [NOBODYS, 'Access 2016', 'Windows 10/11 Pro'],
  });
});
