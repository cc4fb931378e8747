import { seededRandom } from '../../src/demo/fleet/seeded-random.ts';

/** Chance that is the same each time, with moods that last. */
export class Dice {
  readonly #random;
  readonly #moods = new Map<string, unknown>();

  constructor(seed: string) {
    this.#random = seededRandom(seed);
  }

  /** True as often as the share says. */
  chance(share: number): boolean {
    return this.#random.chance(share);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.#random.int(choices.length)] as T;
  }

  /** The same as at the last call, unless the mood changes. @param change how often it does, 0 to 1 */
  mood<T>(name: string, choices: readonly T[], change: number): T {
    if (!this.#moods.has(name) || this.chance(change)) this.#moods.set(name, this.pick(choices));
    return this.#moods.get(name) as T;
  }
}
