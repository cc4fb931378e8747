import { setImmediate as turn } from 'node:timers/promises';

/** Spreads work over turns of the event loop: pieces that many do at once would hold it up together. */
export class EventLoopYielder {
  #last: Promise<void> = Promise.resolve();

  /** Resolves in a turn of the event loop that was given to nobody else, in the order of asking. */
  yieldToEventLoop(): Promise<void> {
    this.#last = this.#last.then(() => turn());
    return this.#last;
  }
}
