import { expect, it } from 'vitest';
import { NewestTimes } from './newest-times.ts';

it('counts all times, and keeps the newest of them in order', () => {
  const times = new NewestTimes(3);
  for (const time of [5, 1, 9, 9, 2]) times.add(time);
  expect(times.count).toBe(5);
  expect(times.cut()).toEqual([9, 9, 5]);
});

it('has fewer than it may keep if there are fewer', () => {
  const times = new NewestTimes(3);
  times.add(5);
  expect(times.cut()).toEqual([5]);
});

it('keeps the newest in whatever order many come', () => {
  const many = Array.from({ length: 1000 }, (_, n) => (n * 7919) % 1000);
  const times = new NewestTimes(25);
  for (const time of many) times.add(time);
  expect(times.count).toBe(1000);
  expect(times.cut()).toEqual(many.toSorted((a, b) => b - a).slice(0, 25));
});
