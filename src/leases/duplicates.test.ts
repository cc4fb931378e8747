import { expect, test } from 'vitest';
import { DAY_S } from '../kernel/time.ts';
import { foldUse, type IdUse, UNUSED } from './duplicates.ts';

test.each([
  ['one machine', ['a', 'a', 'a'], DAY_S, undefined],
  ['a rename', ['a', 'a', 'b', 'b'], DAY_S, undefined],
  ['two in turn', ['a', 'b', 'a'], DAY_S, 2 * DAY_S],
  ['two in turn in just 30 days', ['a', 'b', 'a'], 15 * DAY_S, 30 * DAY_S],
  ['a rename undone later', ['a', 'b', 'a'], 15 * DAY_S + 1, undefined],
  ['one machine under two names', ['a', 'a.x.test', 'a'], DAY_S, undefined],
  ['two under three names', ['a', 'b', 'a.x.test'], DAY_S, 2 * DAY_S],
  ['a change of domain', ['a.x.test', 'a.y.test', 'a'], DAY_S, undefined],
  ['three, the first back', ['a', 'b', 'c', 'a'], DAY_S, 3 * DAY_S],
  ['the last use before the other counts', ['a', 'a', 'a', 'b', 'a'], 10 * DAY_S, 40 * DAY_S],
])('%s', (_, machines, apart, inTurn) => {
  const use = machines.reduce<IdUse>((before, machine, index) => foldUse(before, index * apart, machine), UNUSED);
  expect(use.inTurn).toBe(inTurn);
});

test('an id that is known to be a duplicate holds no names any more', () => {
  const use = ['a', 'b', 'a', 'c'].reduce<IdUse>(
    (before, machine, day) => foldUse(before, day * DAY_S, machine),
    UNUSED,
  );
  expect(use).toEqual({ recent: [], inTurn: 2 * DAY_S });
});
