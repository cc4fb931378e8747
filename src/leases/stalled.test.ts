import { expect, test } from 'vitest';
import { DEFAULTS } from '../../test/model/requests.ts';
import { DAY_S } from '../kernel/time.ts';
import { isHeard, isQuiet, isSilent, quietPeriod, stalledRatio } from './stalled.ts';

const QUIET = quietPeriod({ from: '2026-12-19', to: '2027-01-10' });

test.each([
  ['2026-12-18T23:59:59Z', false],
  ['2026-12-19T00:00:00Z', true],
  ['2027-01-10T23:59:59Z', true],
  ['2027-01-11T00:00:00Z', false],
])('at %s the fleet sleeps: %s', (now, quiet) => {
  expect(isQuiet(Date.parse(now) / 1000, [QUIET])).toBe(quiet);
});

test('the share is 0 in a quiet period, and of fewer than 5 leases there is none', () => {
  expect(stalledRatio({ heard: 5, stalled: 1 }, false)).toBe(0.2);
  expect(stalledRatio({ heard: 5, stalled: 1 }, true)).toBe(0);
  expect(stalledRatio({ heard: 4, stalled: 1 }, false)).toBeUndefined();
  expect([4, 5].map((stalled) => stalledRatio({ heard: stalled, stalled }, false, 5))).toEqual([undefined, 1]);
});

test('those heard from in 44 days before the newest are looked at, and are silent after 14 days', () => {
  const newest = 100 * DAY_S;
  expect([44 * DAY_S - 1, 44 * DAY_S].map((ago) => isHeard(newest - ago, newest, DEFAULTS))).toEqual([true, false]);
  expect([14 * DAY_S, 14 * DAY_S + 1].map((ago) => isSilent(newest - ago, newest, DEFAULTS))).toEqual([false, true]);
});
