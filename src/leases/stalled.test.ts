import { expect, test } from 'vitest';
import { DEFAULTS } from '../../test/model/requests.ts';
import { quietPeriod, stalledRatio } from './stalled.ts';

const QUIET = quietPeriod({ from: '2026-12-19', to: '2027-01-10' });

test.each([
  ['2026-12-18T23:59:59Z', 0.25],
  ['2026-12-19T00:00:00Z', 0],
  ['2027-01-10T23:59:59Z', 0],
  ['2027-01-11T00:00:00Z', 0.25],
])('at %s one of four is %d', (now, ratio) => {
  expect(stalledRatio(4, 1, Date.parse(now) / 1000, { ...DEFAULTS, quietPeriods: [QUIET] })).toBe(ratio);
});

test('none of none is 0', () => {
  expect(stalledRatio(0, 0, 0, DEFAULTS)).toBe(0);
});
