import type { Interval } from './types.ts';

/** The same times in as few intervals as possible, rising: what a batch of changes comes to. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last === undefined || next.from > last.until) merged.push(next);
    else if (next.until > last.until) merged[merged.length - 1] = { from: last.from, until: next.until };
  }
  return merged;
}
