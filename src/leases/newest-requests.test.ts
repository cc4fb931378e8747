import { expect, it } from 'vitest';
import { NewestRequests } from './newest-requests.ts';

function newestOf(leases: readonly (readonly [id: number, time: number])[], former?: number): NewestRequests {
  const newest = new NewestRequests();
  for (const [id, time] of leases) newest.addLease(id, time);
  if (former !== undefined) newest.addFormer({ client: 9, time: former, record: 99 });
  return newest;
}

it('finds the newest request beside a lease of the same machine', () => {
  const newest = newestOf([
    [1, 10],
    [2, 30],
    [3, 20],
  ]);
  expect([1, 2, 3].map((id) => newest.beside(id))).toEqual([30, 20, 30]);
});

it('finds nothing beside the only lease', () => {
  expect(newestOf([[1, 10]]).beside(1)).toBe(0);
});

it('finds the same second beside two leases that have it', () => {
  const newest = newestOf([
    [1, 10],
    [2, 10],
  ]);
  expect([newest.beside(1), newest.beside(2)]).toEqual([10, 10]);
  expect(newest.leasesAt(10)).toEqual([1, 2]);
});

it('counts the request of a former name as one beside the lease', () => {
  expect(newestOf([[1, 10]], 30).beside(1)).toBe(30);
  expect(newestOf([[1, 10]], 10).beside(1)).toBe(10);
  expect(newestOf([[1, 10]], 5).beside(1)).toBe(5);
  expect(newestOf([[1, 10]], 30).formerAt(30)).toEqual([{ client: 9, time: 30, record: 99 }]);
});
