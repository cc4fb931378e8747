import { expect, it } from 'vitest';
import { manualClock } from '../../../test/support/manual-clock.ts';
import { speedClock } from './speed-clock.ts';

it('begins with the time of the other clock and runs faster, and measures lengths of time as they are', () => {
  const base = manualClock(1_000_000);
  const clock = speedClock(base, 1440);
  expect(clock.now()).toBe(1_000_000);
  base.advance(60_000);
  expect(clock.now()).toBe(1_000_000 + 24 * 3600 * 1000);
  expect(clock.monotonic()).toBe(60_000);
});
