import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_S } from '../kernel/time.ts';
import { CENSUS_WINDOW } from './census-window.ts';
import { CensusAhead, EndsAhead } from './forecast.ts';

const NOW = 1000 * DAY_S;
const times = fc.array(fc.integer({ min: -140, max: 140 }).map((quarter) => NOW + (quarter * DAY_S) / 4));

test('the census of a day ahead is of those who were in contact in the 30 days before it', () => {
  fc.assert(
    fc.property(times, (contacts) => {
      const census = new CensusAhead(NOW, 31);
      for (const time of contacts) census.add(time, time + CENSUS_WINDOW);
      const expected = Array.from({ length: 32 }, (_, day) => {
        const then = NOW + day * DAY_S;
        return contacts.filter((time) => time <= then && time > then - CENSUS_WINDOW).length;
      });
      expect(census.perDay()).toEqual(expected);
    }),
  );
});

test('every lease ends on its day', () => {
  fc.assert(
    fc.property(times, (expiries) => {
      const ends = new EndsAhead(NOW, 20);
      for (const expiry of expiries) ends.add(expiry);
      const expected = Array.from({ length: 20 }, (_, day) => {
        const from = NOW + day * DAY_S;
        return expiries.filter((expiry) => expiry > from && expiry <= from + DAY_S).length;
      });
      expect(ends.perDay()).toEqual(expected);
    }),
  );
});
