import { err } from '../../kernel/result.ts';
import { MINUTE_MS } from '../../kernel/time.ts';
import { storeFailure } from '../../store/failure.ts';
import type { LeaseOverview } from '../../store/queries.ts';
import type { Stored } from '../../store/store-types.ts';

/** A count is kept for this multiple of its cost, at most a minute: few leases are always counted again. */
const WORTH = 100;
const LONGEST_MS = MINUTE_MS;

/** The last count of all leases, so that a page costs the same at a hundred and at a million. */
export class OverviewCache {
  readonly #count: () => Stored<LeaseOverview>;
  /** Milliseconds of a clock that never steps. */
  readonly #clock: () => number;
  #counting: Stored<LeaseOverview> | undefined;
  #last: Awaited<Stored<LeaseOverview>> | undefined;
  #counted = 0;
  #until = 0;

  constructor(count: () => Stored<LeaseOverview>, clock = () => performance.now()) {
    this.#count = count;
    this.#clock = clock;
  }

  /** The last count. If it is too old, it is counted again, and only the first caller waits a while. */
  async read(): Stored<LeaseOverview> {
    if (this.#last?.ok === true && this.#clock() < this.#until) return this.#last;
    const counting = this.#renew();
    // An old count of many leases, which is a minute old, beats a page that waits.
    if (this.#last?.ok === true && this.#until - this.#counted > LONGEST_MS / 2) return this.#last;
    return counting;
  }

  #renew(): Stored<LeaseOverview> {
    this.#counting ??= this.#countNow().finally(() => {
      this.#counting = undefined;
    });
    return this.#counting;
  }

  async #countNow(): Stored<LeaseOverview> {
    const began = this.#clock();
    try {
      this.#last = await this.#count();
    } catch (error) {
      this.#last = err(storeFailure('closed', String(error)));
    }
    this.#counted = this.#clock();
    this.#until = this.#counted + Math.min(LONGEST_MS, (this.#counted - began) * WORTH);
    return this.#last;
  }
}
