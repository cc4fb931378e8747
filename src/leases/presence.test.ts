import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_S } from '../kernel/time.ts';
import { CENSUS_WINDOW as W } from './census-window.ts';
import { addContact, isPresent, type Presence } from './presence.ts';

test.each([
  ['the first', [], 0, [[0, W]], [0, W]],
  ['a renewal', [[0, W]], DAY_S, [[0, W + DAY_S]], [W, W + DAY_S]],
  ['the same second again', [[0, W]], 0, [[0, W]], undefined],
  ['one as the window ends', [[0, W]], W, [[0, 2 * W]], [W, 2 * W]],
  [
    'one after a silence',
    [[0, W]],
    W + 1,
    [
      [0, W],
      [W + 1, 2 * W + 1],
    ],
    [W + 1, 2 * W + 1],
  ],
  ['a late one before all', [[DAY_S, W + DAY_S]], 0, [[0, W + DAY_S]], [0, DAY_S]],
  ['a late one within', [[0, W + DAY_S]], DAY_S, [[0, W + DAY_S]], undefined],
  [
    'a late one that closes a silence',
    [
      [0, W],
      [2 * W, 3 * W],
    ],
    W,
    [[0, 3 * W]],
    [W, 2 * W],
  ],
  [
    'a late one in a long silence',
    [
      [0, W],
      [3 * W, 4 * W],
    ],
    1.5 * W,
    [
      [0, W],
      [1.5 * W, 2.5 * W],
      [3 * W, 4 * W],
    ],
    [1.5 * W, 2.5 * W],
  ],
] satisfies [string, number[][], number, number[][], number[] | undefined][])('%s', (_, before, time, after, added) => {
  const contact = addContact(before.map(toInterval), time);
  expect(contact.presence).toEqual(after.map(toInterval));
  expect(contact.added).toEqual(added && toInterval(added));
});

test('a client is present for 30 days after each contact', () => {
  const days = fc.array(
    fc.integer({ min: 0, max: 200 }).map((half) => (half * DAY_S) / 2),
    { minLength: 1 },
  );
  fc.assert(
    fc.property(days, fc.integer({ min: -10, max: 300 }), (times, half) => {
      const presence = times.reduce<Presence>((before, time) => addContact(before, time).presence, []);
      const now = (half * DAY_S) / 2;
      expect(isPresent(presence, now)).toBe(times.some((time) => time > now - W && time <= now));
    }),
  );
});

function toInterval([from = 0, until = 0]: readonly number[]) {
  return { from, until };
}
