/**
 * Waits for a promise, but not for ever; what it does goes on.
 * @param milliseconds undefined: until the signal aborts
 * @returns what is promised; undefined when the time is up or the signal aborts first
 */
export function within<T>(
  promise: Promise<T>,
  milliseconds: number | undefined,
  signal: AbortSignal,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      end();
    };
    const giveUp = (): void => settle(() => resolve(undefined));
    const timer = milliseconds === undefined ? undefined : setTimeout(giveUp, milliseconds);
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
    if (signal.aborted) giveUp();
  });
}
