import type { Clock } from '../../src/kernel/clock.ts';
import { millis } from '../../src/kernel/time.ts';

/** A clock that only moves if a test moves it. */
interface ManualClock extends Clock {
  /** Moves the clock by this many milliseconds. */
  advance(milliseconds: number): void;
}

export function manualClock(start = 0): ManualClock {
  let time = start;
  return {
    now: () => millis(time),
    monotonic: () => millis(time - start),
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}
