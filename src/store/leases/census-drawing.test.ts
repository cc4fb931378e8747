import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { ACCESS, NOBODYS, NOW, type RequestFacts, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { DAY_S } from '../../kernel/time.ts';
import { CensusDrawing } from './census-drawing.ts';
import { State } from './state.ts';

const REQUESTS: readonly RequestFacts[] = [
  { time: NOW - 70 * DAY_S },
  { time: NOW - 50 * DAY_S, recordId: 2 },
  { time: NOW - 10 * DAY_S, recordId: 3, hresult: 7 },
  { client: 2, time: NOW - 60 * DAY_S, nPolicy: 40 },
  { client: 2, time: NOW - 60, activationId: ACCESS },
  { client: 3, time: NOW - 55 * DAY_S, host: 'kms2.corp.test' },
  { client: 3, time: NOW - 30, host: 'kms2.corp.test', hresult: 7 },
  { client: 4, time: NOW - 20, activationId: NOBODYS, nPolicy: 5 },
  { client: 4, time: NOW + 60 },
];

/** What is drawn from all records at once. */
function drawn({ database, state }: StoreInMemory): State {
  const next = new State(database, state, DEFAULT_SETTINGS, { isEmpty: true });
  const drawing = new CensusDrawing(next, NOW);
  for (const requests of next.records.byClient()) drawing.add(requests);
  drawing.finish();
  return next;
}

/** By host and pool: the census on many days, the last request, the idle limit. */
function poolsOf(state: State): unknown {
  const days = Array.from({ length: 100 }, (_, n) => NOW - (90 - n) * DAY_S);
  return Object.fromEntries(
    [...state.pools.all()]
      .map(({ hostNo, pool, book, lastRequest, activity }) => [
        `${hostNo} ${pool}`,
        [days.map((time) => book.countAt(time)), lastRequest, activity.idleLimit(NOW)],
      ])
      .sort(),
  );
}

it('draws the census that records come to one by one, in whatever order they arrived', () => {
  const store = new StoreInMemory();
  for (const request of REQUESTS.toReversed()) store.take(request);
  expect(poolsOf(drawn(store))).toEqual(poolsOf(store.state));
});

it('notes the rest that follows from all requests in any order', () => {
  const store = new StoreInMemory().take(...REQUESTS);
  const next = drawn(store);
  expect([...next.logs.all()].sort()).toEqual([...store.state.logs.all()].sort());
  expect([...next.lastHour.sums(NOW)].sort()).toEqual([...store.state.lastHour.sums(NOW)].sort());
  const asked = (state: State) => [...state.productUse.asked(NOW)].sort((a, b) => a.product - b.product);
  expect(asked(next)).toEqual(asked(store.state));
  expect(next.pools.contacts.last(4, 1)).toBe(store.state.pools.contacts.last(4, 1));
});

it('draws as high as the largest N-policy that was asked at the host', () => {
  const clients = Array.from({ length: 60 }, (_, n) => ({ client: n + 1, nPolicy: n === 0 ? 60 : 25 }));
  const [pool] = drawn(new StoreInMemory().take(...clients)).pools.all();
  expect(pool?.book.countAt(NOW)).toBe(60);
});
