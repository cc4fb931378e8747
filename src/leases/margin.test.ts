import { expect, test } from 'vitest';
import { DAY_S } from '../kernel/time.ts';
import { breachTime, isKnown, marginOf, type Standing, spans } from './margin.ts';

const NOW = 100 * DAY_S;
const STANDING = { census: 24, reported: undefined, spans: false } satisfies Standing;

test.each([
  ['a few clients of a part of the window', {}, true, false],
  ['the whole window', { spans: true }, true, true],
  ['as many clients as needed', { census: 25 }, true, true],
  ['a fresh report', { reported: { time: NOW, count: 3 } }, true, true],
  ['a fresh report without a count', { reported: { time: NOW, count: undefined } }, true, true],
  ['no request of the class in 30 days', { spans: true }, false, false],
] satisfies [string, Partial<Standing>, boolean, boolean][])('known with %s', (_, facts, asked, known) => {
  expect(isKnown({ ...STANDING, ...facts }, 25, asked)).toBe(known);
});

test.each([
  [undefined, undefined, false],
  [NOW - 30 * DAY_S, undefined, true],
  [NOW - 30 * DAY_S + 1, undefined, false],
  [0, NOW - 30 * DAY_S, true],
  [0, NOW - 30 * DAY_S + 1, false],
])('first record %s, last gap %s: spans %s', (first, gap, whole) => {
  expect(spans(first, gap, NOW)).toBe(whole);
});

test('the margin is of the larger count', () => {
  expect(marginOf(STANDING, 25)).toBe(-1);
  expect(marginOf({ ...STANDING, reported: { time: NOW, count: 50 } }, 25)).toBe(25);
  expect(marginOf({ ...STANDING, reported: { time: NOW, count: undefined } }, 25)).toBe(-1);
});

test('a breach is 30 days after the N-th last contact, or when the census fell, or the first record', () => {
  expect(breachTime(NOW - DAY_S, undefined, 0)).toBe(NOW + 29 * DAY_S);
  expect(breachTime(undefined, 77, 0)).toBe(77);
  expect(breachTime(undefined, Number.NEGATIVE_INFINITY, 5)).toBe(5);
});
