import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SECOND_MS } from '../kernel/time.ts';

/** Milliseconds for a file to be opened and read: more, and its disk or network mount hangs. */
const PATIENCE = 3 * SECOND_MS;
/** Each operation that hangs keeps one of the four threads that all files, zlib and the system's resolver share. */
const MOST_HANGING = 2;

/** Ends when the last operation on files of each folder has ended, or is given up. */
const last = new Map<string, Promise<unknown>>();
/** Folders in which one hangs. */
const hanging = new Set<string>();

/** Whether an operation on a file has not come to an end: process.exit would wait for it. */
export function somethingHangs(): boolean {
  return hanging.size > 0;
}

/**
 * Does something with a file that may be on a mount that hangs, one operation after the other in each folder.
 * @param patience milliseconds, from the beginning of its turn
 * @returns undefined if it does not come to an end in time
 */
export async function patiently<T>(path: string, work: () => Promise<T>, patience = PATIENCE): Promise<T | undefined> {
  const folder = dirname(path);
  const before = last.get(folder) ?? Promise.resolve();
  const turn = before.then(() => takeTurn(folder, work, patience));
  const settled = turn.catch(() => {});
  last.set(folder, settled);
  try {
    return await turn;
  } finally {
    if (last.get(folder) === settled) last.delete(folder);
  }
}

async function takeTurn<T>(folder: string, work: () => Promise<T>, patience: number): Promise<T | undefined> {
  if (hanging.has(folder) || hanging.size >= MOST_HANGING) return undefined;
  const result = work();
  const giveUp = new AbortController();
  const late = wait(patience, undefined, { signal: giveUp.signal, ref: false }).then(() => {
    hanging.add(folder);
    void result.catch(() => {}).then(() => hanging.delete(folder));
    return undefined;
  });
  late.catch(() => {});
  try {
    return await Promise.race([result, late]);
  } finally {
    giveUp.abort();
  }
}
