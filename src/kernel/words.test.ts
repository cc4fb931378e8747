import { expect, test } from 'vitest';
import { DAY_S, HOUR_S, MINUTE_S, seconds } from './time.ts';
import { at, every, listed, relative, span } from './words.ts';

const NOW = Date.UTC(2026, 10, 24, 3) / 1000;

test.each([
  [0, 'just now'],
  [-59, 'just now'],
  [MINUTE_S, 'in 1 minute'],
  [-90 * MINUTE_S, '90 minutes ago'],
  [3 * HOUR_S, 'in 3 hours'],
  [-47 * HOUR_S, '47 hours ago'],
  [12 * DAY_S + HOUR_S, 'in 12 days'],
])('a time %i seconds from now is %s', (distance, words) => {
  expect(relative(seconds(NOW + distance), seconds(NOW))).toBe(words);
});

test('a time is written in UTC and as a distance', () => {
  expect(at(seconds(NOW + 2 * DAY_S), seconds(NOW))).toBe('2026-11-26 03:00 UTC (in 2 days)');
});

test.each([
  [0, '1 minute'],
  [119 * MINUTE_S, '119 minutes'],
  [2 * HOUR_S, '2 hours'],
  [180 * DAY_S, '180 days'],
])('%i seconds last %s', (length, words) => {
  expect(span(seconds(length))).toBe(words);
});

test.each([
  [2 * HOUR_S, '2 hours'],
  [HOUR_S, 'hour'],
  [DAY_S, 'day'],
  [7 * DAY_S, '7 days'],
  [90 * MINUTE_S, '90 minutes'],
])('every %i seconds is every %s', (length, words) => {
  expect(every(seconds(length))).toBe(words);
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b', 'c'], 'a, b and c'],
])('%j are listed as %j', (names, words) => {
  expect(listed(names)).toBe(words);
});
