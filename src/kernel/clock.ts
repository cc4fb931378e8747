import { type Millis, millis } from './time.ts';

/** Where time comes from. Everything that depends on the time takes one, so that it can be run at any date. */
export interface Clock {
  /** Since the Unix epoch. */
  now(): Millis;
  /** From an arbitrary start that never runs backwards: for measuring, never for dates. */
  monotonic(): Millis;
}

export const systemClock: Clock = {
  now: () => millis(Date.now()),
  monotonic: () => millis(performance.now()),
};

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
