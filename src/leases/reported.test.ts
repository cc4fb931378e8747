import { expect, test } from 'vitest';
import { bestCount, reportHolds, smallestCount } from './reported.ts';

const POINTS = [
  { time: 100, count: 7 },
  { time: 200, count: undefined },
  { time: 300, count: 9 },
];

test('a report holds until the next one or until it is stale', () => {
  const [first, second] = POINTS;
  if (first === undefined || second === undefined) return expect.unreachable();
  expect(reportHolds(first, second, 500)).toEqual({ from: 100, until: 200 });
  expect(reportHolds(first, second, 60)).toEqual({ from: 100, until: 160 });
  expect(reportHolds(second, undefined, 60)).toEqual({ from: 200, until: 260 });
});

test('of several keys the smallest count that is a value is taken', () => {
  expect(smallestCount([50, undefined, 10])).toBe(10);
  expect(smallestCount([undefined])).toBeUndefined();
  expect(smallestCount([0, 3])).toBe(0);
});

test('the best count is the larger', () => {
  expect(bestCount(3, undefined)).toBe(3);
  expect(bestCount(3, { time: 0, count: undefined })).toBe(3);
  expect(bestCount(3, { time: 0, count: 5 })).toBe(5);
  expect(bestCount(30, { time: 0, count: 5 })).toBe(30);
});
