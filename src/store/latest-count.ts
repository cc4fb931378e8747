import { within } from '../kernel/deadline.ts';
import { type Millis, millis, type Seconds } from '../kernel/time.ts';
import { type Aggregates, holdsAt } from './aggregates.ts';

/** How long somebody waits for a count; then the last one has to do. */
const PATIENCE = millis(1000);

/** The last count, and whether it still holds: the writer says with each answer which version it would count now. */
export class LatestCount {
  version: number | undefined;
  #counted: { readonly version: number | undefined; readonly aggregates: Aggregates } | undefined;
  #counting: Promise<void> | undefined;
  readonly #count: () => Promise<Aggregates | undefined>;
  readonly #now: () => Seconds;

  /** @param count asks the writer, which sets `version` before it answers; undefined if it cannot @param now seconds since the epoch */
  constructor(count: () => Promise<Aggregates | undefined>, now: () => Seconds) {
    this.#count = count;
    this.#now = now;
  }

  get aggregates(): Aggregates | undefined {
    return this.#counted?.aggregates;
  }

  /** @param patience how long to wait for the writer */
  async renew(patience: Millis = PATIENCE): Promise<Aggregates | undefined> {
    const counted = this.#counted;
    if (counted !== undefined && counted.version === this.version && holdsAt(counted.aggregates, this.#now())) {
      return counted.aggregates;
    }
    this.#counting ??= this.#countNow().finally(() => (this.#counting = undefined));
    await within(this.#counting, patience, NEVER);
    return this.aggregates;
  }

  async #countNow(): Promise<void> {
    const aggregates = await this.#count();
    if (aggregates !== undefined) this.#counted = { version: this.version, aggregates };
  }
}

const NEVER = new AbortController().signal;
