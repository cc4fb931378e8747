import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CensusAhead, EndsAhead } from './forecast.ts';
import { CENSUS_WINDOW, DAY } from './seconds.ts';

const NOW = 1000 * DAY;
const times = fc.array(fc.integer({ min: -140, max: 140 }).map((quarter) => NOW + (quarter * DAY) / 4));

test('the census of a day ahead is of those who were in contact in the 30 days before it', () => {
  fc.assert(
    fc.property(times, (contacts) => {
      const census = new CensusAhead(NOW, 31);
      for (const time of contacts) census.add(time, time + CENSUS_WINDOW);
      const expected = Array.from({ length: 32 }, (_, day) => {
        const then = NOW + day * DAY;
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
        const from = NOW + day * DAY;
        return expiries.filter((expiry) => expiry > from && expiry <= from + DAY).length;
      });
      expect(ends.perDay()).toEqual(expected);
    }),
  );
});
