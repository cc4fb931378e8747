/** While counting goes on, the list is sorted and cut if it has this many times too many. */
const SPARE = 8;

/** How many times there are, and the newest of them. */
export class NewestTimes {
  count = 0;
  readonly #kept: number;
  #lowest = 0;
  readonly #times: number[] = [];

  /** @param kept how many of the newest are needed */
  constructor(kept: number) {
    this.#kept = kept;
  }

  add(time: number): void {
    this.count += 1;
    if (time <= this.#lowest) return;
    this.#times.push(time);
    if (this.#times.length >= SPARE * this.#kept) this.cut();
  }

  /** The newest, in order. */
  cut(): readonly number[] {
    this.#times.sort((a, b) => b - a);
    this.#times.length = Math.min(this.#times.length, this.#kept);
    if (this.#times.length === this.#kept) this.#lowest = this.#times.at(-1) ?? 0;
    return this.#times;
  }
}
