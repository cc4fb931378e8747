import { type BegunThread, beginThread } from '../store/threads/begin-thread.ts';
import { saveMemory } from './agent-memory.ts';

let begun: BegunThread | undefined;

/**
 * What the agent begins with, before the rest of its code is loaded: heaps and threads keep the size that they began with,
 * and the store's thread loads meanwhile.
 */
export function beginAgent(): void {
  saveMemory();
  begun ??= beginThread('./writer-thread');
}

/** The thread that was begun, which is the caller's from now on. */
export function takeBegunThread(): BegunThread {
  const taken = begun ?? beginThread('./writer-thread');
  begun = undefined;
  return taken;
}
