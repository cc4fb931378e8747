import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY_S, HOUR_S } from '../kernel/time.ts';
import { Activity } from './activity.ts';
import { idleLimit, longestGap } from './idle.ts';

const NOW = 1_780_000_000;
const times = fc.array(
  fc.oneof(
    fc.integer({ min: NOW - 90 * DAY_S, max: NOW + DAY_S }),
    fc.nat(200).map((steps) => NOW - steps * 18 * HOUR_S),
  ),
  { minLength: 1, maxLength: 60 },
);

it('knows the longest gap as if it kept every time, in whatever order they come', () => {
  fc.assert(
    fc.property(times, fc.boolean(), (list, isLoaded) => {
      let activity = new Activity([]);
      for (const time of list) {
        activity.add(time);
        if (isLoaded) activity = new Activity(activity.runs);
      }
      activity.prune(NOW);
      const sorted = list.toSorted((a, b) => a - b);
      expect(activity.idleLimit(NOW)).toBe(idleLimit(longestGap(sorted, NOW)));
    }),
  );
});

it('stays small for a host that is asked all the time', () => {
  const activity = new Activity([]);
  for (let time = NOW - 400 * DAY_S; time < NOW; time += 10 * HOUR_S) activity.add(time);
  expect(activity.runs).toHaveLength(1);
});
