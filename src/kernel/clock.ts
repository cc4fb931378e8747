/** Where time comes from. Everything that depends on the time takes one, so that it can be run at any date. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds from an arbitrary start that never run backwards: for measuring, never for dates. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Moves the clock by so many milliseconds. */
  advance(milliseconds: number): void;
}

export function manualClock(start = 0): ManualClock {
  let time = start;
  return {
    now: () => time,
    monotonic: () => time - start,
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}

/**
 * Waits, or less when the signal aborts first.
 * @returns true when the whole time has passed, false when it was cut short
 */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<boolean> {
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
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
