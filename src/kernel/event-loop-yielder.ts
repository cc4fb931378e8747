import { setImmediate } from 'node:timers/promises';

/** Spreads work over turns of the event loop: pieces of many callers at once would block it together. */
export class EventLoopYielder {
  #last: Promise<void> = Promise.resolve();

  /** Resolves in a turn of the event loop that no other caller gets, in the order of the calls. */
  yieldToEventLoop(): Promise<void> {
    this.#last = this.#last.then(() => setImmediate());
    return this.#last;
  }
}
