import { expect, test } from 'vitest';
import { DAY_S } from '../kernel/time.ts';
import { belowSince, breachOf, breachTime, spans } from './margin.ts';

const NOW = 100 * DAY_S;

test.each([
  [undefined, [], false],
  [NOW - 30 * DAY_S, [], true],
  [NOW - 30 * DAY_S + 1, [], false],
  [0, [NOW - 30 * DAY_S], true],
  [0, [NOW - 30 * DAY_S + 1], false],
  [0, [NOW], false],
  [0, [NOW + 1], true],
])('first request %s, gaps %j: spans %s', (first, gaps, whole) => {
  expect(spans(first, gaps, NOW)).toBe(whole);
});

test('a breach is 30 days after the N-th last contact, or when the census fell, or the first record', () => {
  expect(breachTime(NOW - DAY_S, undefined, 0)).toBe(NOW + 29 * DAY_S);
  expect(breachTime(undefined, 77, 0)).toBe(77);
  expect(breachTime(undefined, Number.NEGATIVE_INFINITY, 5)).toBe(5);
});

test.each([
  ['without an own number it is by the census', { own: undefined, spans: false }, 2],
  ['below an exact number it is by the reports', { own: { value: 4, exact: true, isHeld: false }, spans: true }, 1],
  ['above one it is by a census that spans', { own: { value: 5, exact: true, isHeld: false }, spans: true }, 2],
  ['not by a young one', { own: { value: 5, exact: true, isHeld: false }, spans: false }, undefined],
  ['nor by one that disagrees', { own: { value: 40, exact: true, isHeld: false }, spans: true }, undefined],
])('%s', (_, facts, breach) => {
  const times = { reportsBelowSince: () => 1, censusBelowAt: () => 2 };
  expect(breachOf({ census: 5, wide: 5, ...facts }, 5, times)).toBe(breach);
});

test('a host is below since the first report after the last that was not', () => {
  const numbers = new Map([
    [5, 3],
    [4, undefined],
    [3, 2],
    [2, 9],
    [1, 1],
  ]);
  const reports = [...numbers.keys()].map((time) => ({ time, keys: [] }));
  expect(belowSince(reports, ({ time }) => numbers.get(time), 5)).toBe(3);
  expect(belowSince(reports, ({ time }) => numbers.get(time), 3)).toBeUndefined();
});
