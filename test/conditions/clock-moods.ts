import { DAY_S, HOUR_S, MINUTE_S, seconds } from '../../src/kernel/time.ts';
import type { ClockState } from '../../src/kernel/trusted-clock.ts';
import type { Dice } from './dice.ts';

/** A system clock that is right, behind the hosts, or steps. */
export class ClockMoods {
  readonly #dice: Dice;
  #steps = 0;
  /** When the number of steps was last seen before it rose. */
  #before = Number.NEGATIVE_INFINITY;
  #last: number | undefined;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** @param now seconds @param step seconds since the last time */
  tell(now: number, step: number): ClockState {
    const behind = seconds(this.#dice.mood('behind', [0, 0, DAY_S, DAY_S + 1], 0.05));
    // A rise within the hour shows only to who looks several times an hour, and who has seen the number before it.
    if (step <= MINUTE_S && this.#last !== undefined && this.#dice.chance(0.01)) {
      this.#steps += 1;
      this.#before = this.#last;
    }
    this.#last = now;
    return { steps: this.#steps, isStepped: now - this.#before < HOUR_S, behind, isInDoubt: behind > DAY_S };
  }
}
