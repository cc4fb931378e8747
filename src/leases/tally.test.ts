import { expect, test } from 'vitest';
import { HISTORY_START as NOW } from '../../test/model/histories.ts';
import { DEFAULTS } from '../../test/model/requests.ts';
import { DAY_S } from '../kernel/time.ts';
import { AGE_DAYS, LeaseTally } from './tally.ts';
import { COUNTED_STATES, type CountedState } from './types.ts';

function tallyOf(...leases: readonly (readonly [CountedState, number | undefined])[]) {
  const tally = new LeaseTally(NOW, DEFAULTS);
  for (const [state, remaining] of leases) {
    tally.add(COUNTED_STATES.indexOf(state), remaining === undefined ? 0 : NOW + remaining);
  }
  return tally.counted();
}

test('ends are cumulative and leave out what has ended', () => {
  const tally = tallyOf(
    ['expiring', 7 * DAY_S],
    ['expiring', 7 * DAY_S + 1],
    ['valid', 90 * DAY_S + 1],
    ['expired', 0],
    ['expired', -30 * DAY_S],
    ['unactivated', undefined],
  );
  expect(tally.expiring).toEqual([1, 2, 2, 2, 2]);
  expect(tally).toMatchObject({ leases: 6, warn: 2, critical: 1, ended: 1, nextExpiry: NOW + 7 * DAY_S });
  expect(tally.states).toMatchObject({ expiring: 2, expired: 2, valid: 1, unactivated: 1, renewal_failing: 0 });
});

test('ages are cumulative, and those beyond 180 days are in the last number only', () => {
  const { byAge } = tallyOf(['valid', 179 * DAY_S], ['valid', 173 * DAY_S - 1], ['expired', -1]);
  expect(Object.fromEntries(AGE_DAYS.map((day, index) => [day, byAge[index]]))).toMatchObject({
    1: 1,
    7: 1,
    14: 2,
    180: 2,
  });
  expect(byAge.at(-1)).toBe(3);
});
