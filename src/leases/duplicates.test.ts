import { expect, test } from 'vitest';
import { foldUse, type IdUse, UNUSED } from './duplicates.ts';
import { DAY } from './seconds.ts';

test.each([
  ['one machine', ['a', 'a', 'a'], DAY, undefined],
  ['a rename', ['a', 'a', 'b', 'b'], DAY, undefined],
  ['two in turn', ['a', 'b', 'a'], DAY, 2 * DAY],
  ['two in turn in just 30 days', ['a', 'b', 'a'], 15 * DAY, 30 * DAY],
  ['a rename undone later', ['a', 'b', 'a'], 15 * DAY + 1, undefined],
  ['one machine under two names', ['a', 'a.x.test', 'a'], DAY, undefined],
  ['two under three names', ['a', 'b', 'a.x.test'], DAY, 2 * DAY],
  ['a change of domain', ['a.x.test', 'a.y.test', 'a'], DAY, undefined],
  ['three, the first back', ['a', 'b', 'c', 'a'], DAY, 3 * DAY],
  ['the last use before the other counts', ['a', 'a', 'a', 'b', 'a'], 10 * DAY, 40 * DAY],
])('%s', (_, machines, apart, inTurn) => {
  const use = machines.reduce<IdUse>((before, machine, index) => foldUse(before, index * apart, machine), UNUSED);
  expect(use.inTurn).toBe(inTurn);
});

test('an id that is known to be a duplicate holds no names any more', () => {
  const use = ['a', 'b', 'a', 'c'].reduce<IdUse>((before, machine, day) => foldUse(before, day * DAY, machine), UNUSED);
  expect(use).toEqual({ recent: [], inTurn: 2 * DAY });
});
