import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CensusCurve } from './census-curve.ts';
import type { Interval } from './types.ts';

const CAP = 3;
const intervals = fc.array(
  fc
    .tuple(fc.nat(40), fc.integer({ min: 1, max: 20 }))
    .map(([from, length]): Interval => ({ from, until: from + length })),
  { maxLength: 25, size: 'max' },
);

function countAt(all: readonly Interval[], time: number): number {
  return Math.min(CAP, all.filter(({ from, until }) => from <= time && time < until).length);
}

test('a curve counts what covers each time, up to its cap, and tells what rose', () => {
  fc.assert(
    fc.property(intervals, (all) => {
      const curve = new CensusCurve(CAP);
      for (const [index, interval] of all.entries()) {
        const rises = new Map<number, number>();
        curve.add(interval, (before, from, until) => {
          for (let time = from; time < until; time++) rises.set(time, before);
        });
        for (let time = -1; time <= 62; time++) {
          const [before, after] = [countAt(all.slice(0, index), time), countAt(all.slice(0, index + 1), time)];
          expect(curve.countAt(time)).toBe(after);
          expect(rises.get(time)).toBe(before < after ? before : undefined);
        }
      }
    }),
  );
});

test('a curve has no step that changes nothing, and is the same when drawn at once', () => {
  fc.assert(
    fc.property(intervals, (all) => {
      const curve = new CensusCurve(CAP);
      for (const interval of all) curve.add(interval, () => {});
      const { times, counts } = curve.snapshot;
      expect(counts.every((count, index) => count !== (counts[index - 1] ?? 0))).toBe(true);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(CensusCurve.of(CAP, all).snapshot).toEqual(curve.snapshot);
    }),
  );
});

test('forgetting leaves what comes later', () => {
  fc.assert(
    fc.property(intervals, fc.nat(60), (all, time) => {
      const curve = CensusCurve.of(CAP, all);
      curve.forgetBefore(time);
      for (let later = time; later <= 62; later++) expect(curve.countAt(later)).toBe(countAt(all, later));
    }),
  );
});
