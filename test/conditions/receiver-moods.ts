import type { ReceiverView } from '../../src/conditions/agent-view.ts';
import type { Dice } from './dice.ts';

const NAMES = ['webhook-1', 'alertmanager-2'] as const;
const MOODS = ['well', 'quiet', 'fails', 'fails', 'fails'] as const;
const NOTHING_YET = { delivered: 0, failed: 0, dropped: 0, lastDelivered: undefined, lastFailed: undefined };

/** The state of the receivers: moods that last for some steps, so that hold times end. */
export class ReceiverMoods {
  readonly #dice: Dice;
  #receivers: readonly ReceiverView[] = NAMES.map((receiver) => ({ receiver, ...NOTHING_YET }));
  #scraped = false;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** Tells as the moods say. @param now milliseconds @param step milliseconds since the last time */
  tell(now: number, step: number): readonly ReceiverView[] {
    // One that is not configured any more is not configured again.
    if (this.#dice.chance(0.01)) this.#receivers = this.#receivers.slice(1);
    // A rise shows only to who has seen the number before it.
    if (this.#scraped) this.#receivers = this.#receivers.map((receiver) => this.#after(receiver, now, step));
    this.#scraped = true;
    return this.#receivers;
  }

  #after(before: ReceiverView, now: number, step: number): ReceiverView {
    const mood = this.#dice.mood(before.receiver, MOODS, 0.05);
    // Attempts become rare, and a receiver that works has something to hear now and then.
    if (mood === 'quiet' || this.#dice.chance(0.6)) return before;
    const at = now - this.#dice.pick([0, step / 3]);
    return mood === 'well'
      ? { ...before, delivered: before.delivered + 1, lastDelivered: at }
      : { ...before, failed: before.failed + 1, lastFailed: at };
  }
}
