import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOUR_MS } from '../../kernel/time.ts';
import { after, everythingSince, isWithin, type Stretch, shorter } from './stretch.ts';

const NOW = Date.UTC(2026, 10, 24);

/** Stretches as they are read, when so many records are too many for one. */
function walk(times: readonly number[], most: number): readonly Stretch[] | undefined {
  const read: Stretch[] = [];
  let stretch: Stretch | undefined = everythingSince(0);
  for (let steps = 0; stretch !== undefined; steps += 1) {
    expect(steps).toBeLessThan(2_000);
    const here: Stretch = stretch;
    const isTooMuch = times.filter((time) => isWithin(time, here)).length > most;
    if (!isTooMuch) read.push(here);
    stretch = isTooMuch ? shorter(here, NOW) : after(here, NOW);
    if (isTooMuch && stretch === undefined) return undefined;
  }
  return read;
}

it('each record is in one stretch, in the order of time, or an hour has too many', () => {
  const times = fc.array(fc.integer({ min: 0, max: NOW + HOUR_MS }), { maxLength: 60 });
  const recent = fc.array(fc.integer({ min: NOW - 900 * 24 * HOUR_MS, max: NOW }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.oneof(times, recent), fc.integer({ min: 1, max: 20 }), (all, most) => {
      const stretches = walk(all, most);
      if (stretches === undefined) return;
      for (const time of all) expect(stretches.filter((stretch) => isWithin(time, stretch))).toHaveLength(1);
      for (const [index, { from }] of stretches.entries()) expect(from).toBe(stretches[index - 1]?.to ?? 0);
      expect(stretches.at(-1)?.to).toBeUndefined();
    }),
  );
});

it('what fits is read at once, and what can be cut no more is told', () => {
  expect(walk([NOW - HOUR_MS], 1)).toEqual([{ from: 0, to: undefined }]);
  expect(walk([NOW - HOUR_MS / 2, NOW - HOUR_MS / 3], 1)).toBeUndefined();
});

it('a stretch has its beginning, and not its end', () => {
  const stretch = { from: NOW - HOUR_MS, to: NOW };
  expect([NOW - HOUR_MS - 1, NOW - HOUR_MS, NOW - 1, NOW].map((time) => isWithin(time, stretch))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
