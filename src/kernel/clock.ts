import { type Millis, millis } from './time.ts';

/** Where time comes from. Everything that depends on the time takes one, so that it can be run at any date. */
export interface Clock {
  /** Since the Unix epoch. */
  now(): Millis;
  /** From an arbitrary start that never run backwards: for measuring, never for dates. */
  monotonic(): Millis;
}

export const systemClock: Clock = {
  now: () => millis(Date.now()),
  monotonic: () => millis(performance.now()),
};

/** A clock that only moves if a test moves it. */
export interface ManualClock extends Clock {
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

/**
 * Waits, or less when the signal aborts first.
 * @returns true when the whole time has passed, false when it was cut short
 */
export function sleep(length: Millis, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve(true);
    }, length);
    signal.addEventListener('abort', stop, { once: true });
  });
}
