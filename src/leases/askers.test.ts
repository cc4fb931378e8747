import { expect, test } from 'vitest';
import { type Asker, addAsker, countAskers } from './askers.ts';

const NOW = 1000;

function askers(...all: readonly Asker[]): readonly Asker[] {
  const kept: Asker[] = [];
  for (const asker of all) addAsker(kept, asker, NOW);
  return kept;
}

test('the last requests of two clients are kept, in whatever order they came', () => {
  const kept = [
    [30, 2],
    [20, 1],
  ];
  expect(askers([10, 1], [20, 1], [30, 2], [5, 3])).toEqual(kept);
  expect(askers([30, 2], [5, 3], [20, 1], [10, 1])).toEqual(kept);
});

test('what is dated ahead is kept beside them', () => {
  const kept = askers([NOW + 5, 1], [20, 1], [30, 2], [25, 3]);
  expect(kept).toHaveLength(3);
  expect(countAskers(kept, 0, NOW)).toBe(2);
  expect(countAskers(kept, 26, NOW)).toBe(1);
  expect(countAskers(kept, 26, NOW + 5)).toBe(2);
});
