import { expect, test } from 'vitest';
import { DAY_S } from '../kernel/time.ts';
import type { Coverage } from '../products/coverage.ts';
import { type KeyCount, ownNumber, ownNumberFor, reportReaches, standingOf } from './reported.ts';

const OLD = { key: 'old', pool: 'windows', clients: 50 } satisfies KeyCount;
const NEW = { key: 'new', pool: 'windows', clients: 3 } satisfies KeyCount;
const MUTE = { key: 'mute', pool: 'windows', clients: undefined } satisfies KeyCount;
const OFFICE = { key: 'office', pool: 'office', clients: 7 } satisfies KeyCount;

/** `p1` is covered by the old key alone, `p2` by both. */
function covers(key: string, product: string): Coverage {
  if (product === 'p0') return 'unknown';
  return key === 'old' || product === 'p2' ? 'yes' : 'no';
}

test.each([
  ['one key', [NEW, OFFICE], [], 3],
  ['no value', [MUTE], [], undefined],
  ['the largest if nothing is known of products', [OLD, NEW, MUTE], ['p0'], 50],
  ['the smallest of those that cover what was asked', [OLD, NEW], ['p2'], 3],
  ['only those that cover it', [OLD, NEW], ['p1'], 50],
] satisfies [string, KeyCount[], string[], number | undefined][])('of a pool: %s', (_, keys, asked, number) => {
  expect(ownNumber({ time: 0, keys }, 'windows', covers, () => asked)).toBe(number);
});

test('of a product it is that of the key which covers it', () => {
  const report = { time: 0, keys: [OLD, NEW] };
  const of = (product: string) => ownNumberFor(product, report, 'windows', covers, () => ['p2']);
  expect([of('p1'), of('p2'), of('p0')]).toEqual([50, 3, 3]);
});

test('a report reaches to the next one, or until it is held no longer', () => {
  expect(reportReaches(100, 200, 500)).toEqual({ from: 100, until: 200 });
  expect(reportReaches(100, undefined, 60)).toEqual({ from: 100, until: 160 + 30 * DAY_S });
});

test.each([
  [0, 'fresh'],
  [59, 'fresh'],
  [60, 'ended'],
  [60 + 30 * DAY_S - 1, 'ended'],
  [60 + 30 * DAY_S, 'over'],
])('after %d seconds it is %s', (after, standing) => {
  expect(standingOf(100, 100 + after, 60)).toBe(standing);
});
