import { expect, test } from 'vitest';
import { HISTORY_START as T } from '../../test/model/histories.ts';
import { DEFAULTS, request } from '../../test/model/requests.ts';
import { DAY_S, type Seconds, seconds } from '../kernel/time.ts';
import { ageOf, expiryOf } from './expiry.ts';
import { foldRequest } from './fold.ts';
import { isForgotten, isRetired, stateOf } from './state.ts';
import type { Lease } from './types.ts';

const HEALTHY = foldRequest(undefined, request({ status: 5, minutes: 0 }), 'enough', DEFAULTS);
const LIVE = { retired: false, superseded: false };

test.each([
  ['valid', 0, {}],
  ['valid', 14 * DAY_S, {}],
  ['renewal_overdue', 14 * DAY_S + 1, {}],
  ['renewal_failing', 20 * DAY_S, { doubt: true }],
  ['renewal_overdue', 150 * DAY_S - 1, {}],
  ['expiring', 150 * DAY_S, { doubt: true }],
  ['expiring', 180 * DAY_S - 1, {}],
  ['expired', 180 * DAY_S, {}],
  ['unactivated', 0, { presumed: undefined }],
  ['other_license', 0, { anomaliesInRow: 3 }],
  ['other_license', 0, { anomaliesInRow: 1, wasPlausible: false }],
  ['valid', 0, { anomaliesInRow: 2 }],
] satisfies [string, number, Partial<Lease>][])('%s after %d seconds', (state, after, facts) => {
  expect(stateOf({ ...HEALTHY, ...facts }, LIVE, T + after, DEFAULTS)).toBe(state);
});

test('a retired lease is retired before all, a superseded one superseded before the rest', () => {
  expect(stateOf(HEALTHY, { retired: true, superseded: true }, T, DEFAULTS)).toBe('retired');
  expect(stateOf(HEALTHY, { retired: false, superseded: true }, T + 400 * DAY_S, DEFAULTS)).toBe('superseded');
});

test.each<[number | undefined, number | undefined, object | undefined]>([
  [undefined, undefined, undefined],
  [1, undefined, { time: 1, basis: 'confirmed' }],
  [undefined, 1, { time: 1, basis: 'presumed' }],
  [2, 1, { time: 2, basis: 'confirmed' }],
  [1, 1, { time: 1, basis: 'presumed' }],
  [1, 2, { time: 2, basis: 'presumed' }],
])('confirmed %s, presumed %s: %j', (confirmed, presumed, expiry) => {
  const lease = { confirmed: maybe(confirmed), presumed: maybe(presumed), wasPlausible: true };
  expect(expiryOf({ ...lease, anomaliesInRow: 0 })).toEqual(expiry);
  expect(expiryOf({ ...lease, anomaliesInRow: 3 })).toBeUndefined();
});

test('age is counted from the renewal, is never below 0 and goes on after the end', () => {
  const ages = [T + 200 * DAY_S, T + 180 * DAY_S, T + 90 * DAY_S, T - DAY_S].map(
    (end) => ageOf(end, T, DEFAULTS.validity) / DAY_S,
  );
  expect(ages).toEqual([0, 0, 90, 181]);
});

test('a client stays retired until it asks again', () => {
  expect(isRetired(undefined, T)).toBe(false);
  expect(isRetired(T, T)).toBe(true);
  expect(isRetired(T, T + 1)).toBe(false);
});

test('a lease is forgotten after so long a silence', () => {
  expect(isForgotten(HEALTHY.last.time, false, T + 365 * DAY_S, DEFAULTS)).toBe(false);
  expect(isForgotten(HEALTHY.last.time, false, T + 365 * DAY_S + 1, DEFAULTS)).toBe(true);
  // A non-persistent desktop is forgotten after 30 days.
  expect(isForgotten(HEALTHY.last.time, true, T + 30 * DAY_S, DEFAULTS)).toBe(false);
  expect(isForgotten(HEALTHY.last.time, true, T + 30 * DAY_S + 1, DEFAULTS)).toBe(true);
});

function maybe(time: number | undefined): Seconds | undefined {
  return time === undefined ? undefined : seconds(time);
}
