import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../leases/seconds.ts';
import { at, every, listed, relative, span } from './words.ts';

const NOW = Date.UTC(2026, 10, 24, 3) / 1000;

test.each([
  [0, 'just now'],
  [-59, 'just now'],
  [MINUTE, 'in 1 minute'],
  [-90 * MINUTE, '90 minutes ago'],
  [3 * HOUR, 'in 3 hours'],
  [-47 * HOUR, '47 hours ago'],
  [12 * DAY + HOUR, 'in 12 days'],
])('a time %i seconds from now is %s', (distance, words) => {
  expect(relative(NOW + distance, NOW)).toBe(words);
});

test('a time is told in UTC and as a distance', () => {
  expect(at(NOW + 2 * DAY, NOW)).toBe('2026-11-26 03:00 UTC (in 2 days)');
});

test.each([
  [0, '1 minute'],
  [119 * MINUTE, '119 minutes'],
  [2 * HOUR, '2 hours'],
  [180 * DAY, '180 days'],
])('%i seconds last %s', (seconds, words) => {
  expect(span(seconds)).toBe(words);
});

test.each([
  [2 * HOUR, '2 hours'],
  [HOUR, 'hour'],
  [DAY, 'day'],
  [7 * DAY, '7 days'],
  [90 * MINUTE, '90 minutes'],
])('every %i seconds is every %s', (seconds, words) => {
  expect(every(seconds)).toBe(words);
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b', 'c'], 'a, b and c'],
])('%j are listed as %j', (names, words) => {
  expect(listed(names)).toBe(words);
});
