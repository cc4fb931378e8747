import type { Clock } from '../../kernel/clock.ts';
import { millis } from '../../kernel/time.ts';

/**
 * A clock that begins with another's time and runs `speed` times as fast. What measures lengths of time stays as it is:
 * an answer does not take longer because days pass in minutes.
 * @param speed from 1 up
 */
export function speedClock(base: Clock, speed: number): Clock {
  const start = base.now();
  return { now: () => millis(start + Math.round((base.now() - start) * speed)), monotonic: () => base.monotonic() };
}
