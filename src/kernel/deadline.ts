import type { Millis } from './time.ts';

/**
 * Waits for a promise, but not for ever; the work behind it continues.
 * @param wait undefined: until the signal aborts
 * @returns what is promised; undefined when the time is up or the signal aborts first; rejects as the promise does
 */
export function within<T>(promise: Promise<T>, wait: Millis | undefined, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      end();
    };
    const giveUp = (): void => settle(() => resolve(undefined));
    const timer = wait === undefined ? undefined : setTimeout(giveUp, wait);
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
    if (signal.aborted) giveUp();
  });
}

/** Else each abort makes an error with its stack, which nobody reads: a thirtieth of what a probe costs. */
const NOBODY_WAITS = 'nobody waits for it any more';

/**
 * Runs work that may be slow to stop, and waits for it until the deadline or until the signal aborts. Its own signal
 * aborts when nobody waits any longer, whatever the end was.
 * @param wait greater than 0
 * @returns undefined when time or signal ended first; rejects as the work does
 */
export async function withDeadline<T>(
  wait: Millis,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const over = new AbortController();
  try {
    return await within(work(over.signal), wait, signal);
  } finally {
    over.abort(NOBODY_WAITS);
  }
}
