/** Does one thing after the other, in the order in which they were asked for, whatever becomes of those before. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  do<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** When all that was asked for so far is done. */
  get idle(): Promise<unknown> {
    return this.#last;
  }
}
