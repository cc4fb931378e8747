import { expect, test } from 'vitest';
import { HISTORY_START as T } from '../../test/model/histories.ts';
import { DEFAULTS, request } from '../../test/model/requests.ts';
import { DAY_S, HOUR_S, seconds } from '../kernel/time.ts';
import { foldRequest } from './fold.ts';
import { isLongRun, isRetrying, runStartOf } from './retrying.ts';
import type { LeaseState } from './types.ts';

const INTERVAL = 2 * HOUR_S;

test.each([
  ['unactivated', 4 * HOUR_S, 0, 0, true],
  ['unactivated', 4 * HOUR_S + 1, 0, 0, false],
  ['renewal_failing', 4 * HOUR_S, 0, DAY_S, true],
  ['renewal_failing', 4 * HOUR_S, 0, DAY_S + 1, false],
  ['valid', 4 * HOUR_S, 0, 0, false],
  ['valid', 4 * HOUR_S, 0xc004f06c, 0, true],
] satisfies [LeaseState, number, number, number, boolean][])(
  '%s, %d seconds apart, HRESULT %d, %d seconds ago: %s',
  (state, gap, hresult, ago, retrying) => {
    const first = foldRequest(undefined, request(), 'short', DEFAULTS);
    const lease = foldRequest(first, request({ time: seconds(T + gap), hresult }), 'short', DEFAULTS);
    expect(isRetrying(first, state, T, INTERVAL)).toBe(false);
    expect(isRetrying(lease, state, T + gap + ago, INTERVAL)).toBe(retrying);
  },
);

test('a run goes back to the first larger gap and reads no further', () => {
  const read: number[] = [];
  function* newestFirst(): Iterable<number> {
    for (const time of [100_000, 92_800, 85_600, 70_000, 1]) {
      read.push(time);
      yield time;
    }
  }
  expect(runStartOf(newestFirst(), INTERVAL)).toBe(85_600);
  expect(read).toEqual([100_000, 92_800, 85_600, 70_000]);
  expect(runStartOf([], INTERVAL)).toBeUndefined();
});

test('a run is long after more than a day', () => {
  expect(isLongRun(T, T + DAY_S)).toBe(false);
  expect(isLongRun(T, T + DAY_S + 1)).toBe(true);
});
