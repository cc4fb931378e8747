import { expect, it } from 'vitest';
import { Soonest } from './soonest.ts';

it('keeps the soonest of those offered, in order', () => {
  const soonest = new Soonest(3);
  for (const [lease, expiry] of [
    [1, 50],
    [2, 20],
    [3, 40],
    [4, 10],
    [5, 60],
  ] as const)
    soonest.offer(lease, expiry);
  expect(soonest.leases).toEqual([4, 2, 3]);
  expect(soonest.latest).toBe(40);
});

it('takes any end while it is not full', () => {
  const soonest = new Soonest(2);
  soonest.offer(1, 50);
  expect(soonest.latest).toBe(Number.POSITIVE_INFINITY);
  soonest.offer(2, 9_999_999_999);
  expect(soonest.leases).toEqual([1, 2]);
});

it('keeps those that were offered first where ends are the same', () => {
  const soonest = new Soonest(2);
  for (const lease of [1, 2, 3]) soonest.offer(lease, 50);
  expect(soonest.leases).toEqual([1, 2]);
});

it('takes nothing if the limit is 0', () => {
  const soonest = new Soonest(0);
  soonest.offer(1, 50);
  expect(soonest.leases).toEqual([]);
});
