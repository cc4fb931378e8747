import type { EventCursor } from './event-cursor.ts';

/** Waits until one of the logs changes, the time is over or nobody waits any more. */
export function waitForChange(
  cursors: readonly EventCursor[],
  milliseconds: number,
  signal: AbortSignal,
): Promise<'changed' | 'over' | 'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve('aborted');
      return;
    }
    const end = (how: 'changed' | 'over' | 'aborted'): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      for (const forget of callbacks) forget();
      resolve(how);
    };
    const abort = (): void => end('aborted');
    const timer = setTimeout(() => end('over'), milliseconds);
    signal.addEventListener('abort', abort, { once: true });
    const callbacks = cursors.map((cursor) => cursor.onChange(() => end('changed')));
  });
}
