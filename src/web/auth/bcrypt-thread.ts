import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../kernel/worker.ts';

export interface Comparison {
  readonly password: string;
  readonly hash: string;
}

/** Waiting comparisons. If there are more, they are strangers' guesses, and further clients must try again later. */
const MAX_WAITING = 32;

/** Milliseconds after the last comparison until the thread, and its 10 MB, are given back. */
const IDLE = 30_000;

/** bcrypt in a separate thread that exists only while it is needed; one comparison at a time. */
export class BcryptThread {
  readonly #waiting: { readonly resolve: (same: boolean | undefined) => void }[] = [];
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** @returns whether the password is that of the hash; undefined when too many wait already, or the thread broke */
  compare(comparison: Comparison): Promise<boolean | undefined> {
    if (this.#waiting.length >= MAX_WAITING) return Promise.resolve(undefined);
    clearTimeout(this.#idle);
    const worker = this.#worker ?? this.#start();
    return new Promise((resolve) => {
      this.#waiting.push({ resolve });
      worker.postMessage(comparison);
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#failAll();
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = startWorker('./bcrypt-worker', import.meta.url);
    // The answers come in the order of the questions.
    worker.on('message', (same: boolean) => {
      this.#waiting.shift()?.resolve(same);
      if (this.#waiting.length === 0) this.#idle = setTimeout(() => void this.close(), IDLE).unref();
    });
    worker.on('error', () => this.#gone(worker));
    worker.on('exit', () => this.#gone(worker));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #gone(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#failAll();
  }

  #failAll(): void {
    for (const { resolve } of this.#waiting.splice(0)) resolve(undefined);
  }
}
