import type { Random } from './random.ts';
import { type Millis, millis } from './time.ts';

export interface BackOffLimits {
  readonly first: Millis;
  readonly most: Millis;
}

/** How long to wait after failures in a row: twice as long each time, less up to a half by chance. */
export class BackOff {
  readonly #limits: BackOffLimits;
  readonly #random: Random;
  #wait: Millis;

  constructor(limits: BackOffLimits, random: Random) {
    this.#limits = limits;
    this.#random = random;
    this.#wait = limits.first;
  }

  next(): Millis {
    const wait = this.#wait;
    this.#wait = millis(Math.min(this.#limits.most, wait * 2));
    return millis(Math.round(wait * (0.5 + this.#random.int(1001) / 2000)));
  }

  /** It went well. */
  reset(): void {
    this.#wait = this.#limits.first;
  }
}
