import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOUR_MS } from '../../kernel/time.ts';
import { after, everythingSince, isWithin, shorter, type TimeRange } from './time-range.ts';

const NOW = Date.UTC(2026, 10, 24);

/** Stretches as they are read, when so many records are too many for one. */
function walk(times: readonly number[], most: number): readonly TimeRange[] | undefined {
  const read: TimeRange[] = [];
  let range: TimeRange | undefined = everythingSince(0);
  for (let steps = 0; range !== undefined; steps += 1) {
    expect(steps).toBeLessThan(2_000);
    const here: TimeRange = range;
    const isTooMuch = times.filter((time) => isWithin(time, here)).length > most;
    if (!isTooMuch) read.push(here);
    range = isTooMuch ? shorter(here, NOW) : after(here, NOW);
    if (isTooMuch && range === undefined) return undefined;
  }
  return read;
}

it('each record is in one range, in the order of time, or an hour has too many', () => {
  const times = fc.array(fc.integer({ min: 0, max: NOW + HOUR_MS }), { maxLength: 60 });
  const recent = fc.array(fc.integer({ min: NOW - 900 * 24 * HOUR_MS, max: NOW }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.oneof(times, recent), fc.integer({ min: 1, max: 20 }), (all, most) => {
      const ranges = walk(all, most);
      if (ranges === undefined) return;
      for (const time of all) expect(ranges.filter((range) => isWithin(time, range))).toHaveLength(1);
      for (const [index, { from }] of ranges.entries()) expect(from).toBe(ranges[index - 1]?.to ?? 0);
      expect(ranges.at(-1)?.to).toBeUndefined();
    }),
  );
});

it('what fits is read at once, and what can be cut no more is reported', () => {
  expect(walk([NOW - HOUR_MS], 1)).toEqual([{ from: 0, to: undefined }]);
  expect(walk([NOW - HOUR_MS / 2, NOW - HOUR_MS / 3], 1)).toBeUndefined();
});

it('a range has its beginning, and not its end', () => {
  const range = { from: NOW - HOUR_MS, to: NOW };
  expect([NOW - HOUR_MS - 1, NOW - HOUR_MS, NOW - 1, NOW].map((time) => isWithin(time, range))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
