import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstPlace } from './partition.ts';

test('is the first place that looking at each would find', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer({ min: 0, max: 9 }), (numbers, least) => {
      const sorted = numbers.toSorted((a, b) => a - b);
      const found = sorted.findIndex((number) => number >= least);
      expect(firstPlace(sorted.length, (place) => (sorted[place] ?? 0) >= least)).toBe(
        found === -1 ? sorted.length : found,
      );
    }),
  );
});
