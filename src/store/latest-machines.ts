import { within } from '../kernel/deadline.ts';
import { type Millis, millis } from '../kernel/time.ts';
import type { MachineCounts } from './machines/machine-types.ts';

/** How long somebody waits for a join; then the last count has to do. */
const PATIENCE = millis(1000);

/** The last count of machines. The reader says by itself whether it still holds. */
export class LatestMachines {
  counts: MachineCounts | undefined;
  #counting: Promise<void> | undefined;
  readonly #count: () => Promise<MachineCounts | undefined>;

  /** @param count undefined if it cannot be counted */
  constructor(count: () => Promise<MachineCounts | undefined>) {
    this.#count = count;
  }

  /** @param patience how long to wait for the reader */
  async renew(patience: Millis = PATIENCE): Promise<void> {
    this.#counting ??= this.#countNow().finally(() => (this.#counting = undefined));
    await within(this.#counting, patience, new AbortController().signal);
  }

  async #countNow(): Promise<void> {
    this.counts = (await this.#count()) ?? this.counts;
  }
}
