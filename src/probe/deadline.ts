/**
 * Runs work that may be slow to stop: gives up at the deadline or when the signal aborts, tells the work so through
 * its own signal, and waits no longer for it.
 * @param milliseconds greater than 0
 * @returns undefined when time or signal ended first; rejects as the work does
 */
export async function withDeadline<T>(
  milliseconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const stopped = new AbortController();
  const { promise: end, resolve } = Promise.withResolvers<undefined>();
  const stop = (): void => {
    stopped.abort();
    resolve(undefined);
  };
  const timer = setTimeout(stop, milliseconds);
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([work(stopped.signal), end]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
