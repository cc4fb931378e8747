import type { Clock } from '../kernel/clock.ts';
import { type Millis, millis, SECOND_MS } from '../kernel/time.ts';
import type { ClockState, TrustedClock } from '../kernel/trusted-clock.ts';

/**
 * The times of one run. What polls find and what conditions hold for is timed by a clock that never steps (`steady`); what
 * is stored and shown is the time that is believed at that moment.
 */
export class AgentTime {
  /** Begins with the time that is believed at the start, and goes on by the monotonic clock. */
  readonly steady: Clock;
  readonly #trusted: TrustedClock;
  readonly #start: number;
  /** Kept while it changes by less than a second, so that times that are shown stay as they are. */
  #shown = { trusted: 0, largest: 0 };

  constructor(trusted: TrustedClock) {
    const start = trusted.offsets().trusted;
    this.#trusted = trusted;
    this.#start = start;
    this.steady = { now: () => millis(Math.round(start + trusted.monotonic())), monotonic: () => trusted.monotonic() };
  }

  get state(): ClockState {
    return this.#trusted.state();
  }

  /** The time that is believed now. */
  get trusted(): TrustedClock {
    return this.#trusted;
  }

  /** Milliseconds from the steady clock to the time that is believed. */
  get shift(): number {
    return this.#shift('trusted');
  }

  /**
   * The same to the later of that time and the system's: Prometheus compares times with its own clock, which may agree with
   * either, and a time that seems to lie ahead raises no alert.
   */
  get shiftForScrapes(): number {
    return this.#shift('largest');
  }

  /** The time that is believed to have been at a time of the steady clock. */
  wallTime(at: Millis): Millis {
    return millis(Math.round(at + this.shift));
  }

  #shift(which: 'trusted' | 'largest'): number {
    const shift = this.#trusted.offsets()[which] - this.#start;
    if (Math.abs(shift - this.#shown[which]) >= SECOND_MS) this.#shown[which] = shift;
    return this.#shown[which];
  }
}
