import type { Random } from './random.ts';

export interface BackOffLimits {
  /** Milliseconds. */
  readonly first: number;
  readonly most: number;
}

/** How long to wait after failures in a row: twice as long each time, less up to a half by chance. */
export class BackOff {
  readonly #limits: BackOffLimits;
  readonly #random: Random;
  #wait: number;

  constructor(limits: BackOffLimits, random: Random) {
    this.#limits = limits;
    this.#random = random;
    this.#wait = limits.first;
  }

  /** Milliseconds. */
  next(): number {
    const wait = this.#wait;
    this.#wait = Math.min(this.#limits.most, wait * 2);
    return Math.round(wait * (0.5 + this.#random.int(1001) / 2000));
  }

  /** It went well. */
  reset(): void {
    this.#wait = this.#limits.first;
  }
}
