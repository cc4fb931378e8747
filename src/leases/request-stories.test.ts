import { expect, it } from 'vitest';
import { clientId, NOW, PRO, type RequestFacts, SERVER, StoreInMemory } from '../../test/store/store-in-memory.ts';
import type { StoredRequest } from '../store/history/records.ts';
import type { CountsAtTime } from '../store/reading/counts-at-time.ts';
import { requestStories } from './request-stories.ts';

/** Counts are the times that were asked for. */
function storiesOf(requests: readonly RequestFacts[], limit = 10) {
  const { state } = new StoreInMemory().take(...requests);
  const asked: number[] = [];
  const counts: Pick<CountsAtTime, 'of'> = {
    of: ({ time }) => {
      asked.push(time - NOW);
      return { value: time - NOW, known: true, isOwn: false };
    },
  };
  const newestFirst: StoredRequest[] = state.records.ofClient(1, clientId(1)).reverse();
  const stories = requestStories(newestFirst, limit, state.catalogue, counts as CountsAtTime);
  return { asked, stories };
}

it('shows the newest, with product and count at the time', () => {
  const { stories } = storiesOf([{ time: NOW + 5 }, { activationId: SERVER, time: NOW + 9 }, {}], 2);
  expect(stories.map(({ request, product, count }) => [request.time - NOW, product, count?.value])).toEqual([
    [9, 'Windows Server 2008 R2 Datacenter', 9],
    [5, 'Windows 10/11 Pro', 5],
  ]);
});

it('works out no count for a request that is not shown', () => {
  const { asked, stories } = storiesOf(
    Array.from({ length: 3000 }, (_, n) => ({ time: NOW + n })),
    200,
  );
  expect(stories).toHaveLength(200);
  expect(asked).toEqual(Array.from({ length: 200 }, (_, n) => 2999 - n));
});

it('tells repeats by requests that are not shown', () => {
  const requests = [0, 300, 899, 900, 1000].map((time) => ({ time: NOW + time }));
  const repeats = (limit: number) => storiesOf(requests, limit).stories.map(({ repeat }) => repeat);
  expect(repeats(5)).toEqual([true, false, true, true, false]);
  expect(repeats(3)).toEqual([true, false, true]);
});

it('takes no request for a repeat of a refused one, of another product, or of another machine', () => {
  const requests = [
    { hresult: 7 },
    { time: NOW + 60 },
    { time: NOW + 120, activationId: SERVER },
    { time: NOW + 180, machine: 'ws9.corp.test' },
  ];
  expect(storiesOf(requests).stories.map(({ repeat }) => repeat)).toEqual([false, false, false, false]);
  expect(storiesOf([{}, { time: NOW + 60, machine: 'ws1', activationId: PRO }]).stories[0]?.repeat).toBe(true);
});
