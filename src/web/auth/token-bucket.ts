import type { Clock } from '../../kernel/clock.ts';

export interface Rate {
  /** Milliseconds in which one more request may come, above 0. */
  readonly interval: number;
  /** Requests that may come at once, at least 1. */
  readonly burst: number;
}

/** Lets a burst through, and then one each interval. */
export class TokenBucket {
  readonly rate: Rate;
  readonly #clock: Clock;
  #tokens: number;
  #at: number;

  constructor(rate: Rate, clock: Clock) {
    this.rate = rate;
    this.#clock = clock;
    this.#tokens = rate.burst;
    this.#at = clock.monotonic();
  }

  /** @returns undefined for a request that may pass; else milliseconds until one may */
  take(): number | undefined {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.rate.burst, this.#tokens + (now - this.#at) / this.rate.interval);
    this.#at = now;
    if (this.#tokens < 1) return (1 - this.#tokens) * this.rate.interval;
    this.#tokens -= 1;
    return undefined;
  }
}
