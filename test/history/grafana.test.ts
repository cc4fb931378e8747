import { expect, test } from 'vitest';
import { filled, intervalOf, secondsAgo } from './grafana.ts';

test.each([
  ['all of a variable', {}, 'up{host=~".+"}'],
  ['one value, in which a full stop is no pattern', { host: ['a.b'] }, String.raw`up{host=~"a\\.b"}`],
  ['several values', { host: ['a.b', 'c'] }, String.raw`up{host=~"(a\\.b|c)"}`],
  ['a backslash', { host: [String.raw`a\b`] }, String.raw`up{host=~"a\\\\b"}`],
])('%s', (_name, choices, expected) => {
  expect(filled('up{host=~"$host"}', choices, 60)).toBe(expected);
});

test.each([
  [60, '240s'],
  [600, '660s'],
])('a rate over points %d seconds apart has four scrapes at least', (interval, expected) => {
  expect(filled('rate(up[$__rate_interval])', {}, interval)).toBe(`rate(up[${expected}])`);
});

test.each([
  ['now-24h', 800, undefined, 120],
  ['now-7d', 800, undefined, 900],
  ['now-30d', 800, undefined, 3600],
  ['now-30d', 800, '6h', 21_600],
  ['now-5m', 800, undefined, 60],
] as const)('%s on %d points, at least %s apart: a point every %d seconds', (time, width, shortest, expected) => {
  expect(intervalOf(secondsAgo(time), width, shortest)).toBe(expected);
});

test.each(['now', 'now-7w', 'now-0d', '2026-01-01'])('%s is not taken for a time', (time) => {
  expect(() => secondsAgo(time)).toThrow(RangeError);
});
