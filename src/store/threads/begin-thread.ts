import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../kernel/worker.ts';

export type ThreadModule = './writer-thread' | './reader-thread';

/** A thread that loads its code, and then waits for a `ThreadStart`. */
export interface BegunThread {
  readonly worker: Worker;
  /** Why it has ended, if it has. */
  readonly ended: () => string | undefined;
}

const YOUNG_MIB = 8;

/** Begins a thread before it is known what it is to work on: it takes longer to load than a configuration to read. */
export function beginThread(module: ThreadModule): BegunThread {
  let ended: string | undefined;
  // Short-lived objects of these threads are few at a time; more room for them is only memory.
  const worker = startWorker(module, import.meta.url, {}, { maxYoungGenerationSizeMb: YOUNG_MIB });
  // A command that only prints a help text does not wait for it.
  worker.unref();
  worker.on('error', (error) => (ended ??= error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => (ended ??= 'it was closed'));
  return { worker, ended: () => ended };
}
