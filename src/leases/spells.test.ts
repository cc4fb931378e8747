import { expect, test } from 'vitest';
import { DAY_S } from '../kernel/time.ts';
import { Spells } from './spells.ts';

function heard(...days: readonly number[]): Spells {
  const spells = new Spells();
  for (const day of days) spells.add(7, day * DAY_S);
  return spells;
}

test.each([
  ['in order', [0, 10, 60]],
  ['the other way round', [60, 10, 0]],
  ['mixed', [10, 60, 0]],
])('a key is heard of for 30 days after each time, %s', (_, days) => {
  const spells = heard(...days);
  const at = [-1, 0, 39, 40, 59, 60, 89, 90].map((day) => [...spells.at(day * DAY_S)].length);
  expect(at).toEqual([0, 1, 1, 0, 0, 1, 1, 0]);
});

test('they are the same after they were stored as JSON', () => {
  const spells = heard(0, 60);
  expect(new Spells(JSON.parse(JSON.stringify(spells.snapshot))).snapshot).toEqual(spells.snapshot);
});
