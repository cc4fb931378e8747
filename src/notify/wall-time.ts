import type { Millis } from '../kernel/time.ts';

/** The time by which a message is dated. */
export interface WallTime {
  readonly now: Millis;
  /** Whether that may be wrong: then a receiver that has a clock goes by its own. */
  readonly isInDoubt: boolean;
}

export interface WallClock {
  now(): Millis;
  readonly isInDoubt: boolean;
}
