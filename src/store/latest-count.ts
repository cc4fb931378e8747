import { within } from '../kernel/deadline.ts';
import { type Millis, millis, type Seconds } from '../kernel/time.ts';
import { holdsAt } from './aggregates.ts';

/** How long somebody waits for a count; then the last one has to do. */
const PATIENCE = millis(1000);

/** What a thread counted. */
export interface Count<T extends { readonly asOf: Seconds }> {
  readonly value: T;
  /** Of the data that was counted, as the writer says it with each answer; undefined: older than the newest, for now. */
  readonly version: number | undefined;
}

/** The last count. As long as it holds nobody is asked: another thread costs as much as all else of a scrape. */
export class LatestCount<T extends { readonly asOf: Seconds }> {
  #counted: Count<T> | undefined;
  #counting: Promise<void> | undefined;
  readonly #options: LatestCountOptions<T>;

  constructor(options: LatestCountOptions<T>) {
    this.#options = options;
  }

  get value(): T | undefined {
    return this.#counted?.value;
  }

  /** @param patience how long to wait */
  async renew(patience: Millis = PATIENCE): Promise<void> {
    const { version, now } = this.#options;
    const counted = this.#counted;
    const isNewest = counted?.version !== undefined && counted.version === version();
    if (isNewest && holdsAt(counted.value, now())) return;
    this.#counting ??= this.#countNow().finally(() => (this.#counting = undefined));
    await within(this.#counting, patience, NEVER);
  }

  async #countNow(): Promise<void> {
    this.#counted = (await this.#options.count()) ?? this.#counted;
  }
}

export interface LatestCountOptions<T extends { readonly asOf: Seconds }> {
  /** Asks a thread; undefined if it cannot count. */
  readonly count: () => Promise<Count<T> | undefined>;
  /** Of the data as it is now, as far as the writer has said. */
  readonly version: () => number | undefined;
  /** Seconds since the epoch. */
  readonly now: () => Seconds;
}

const NEVER = new AbortController().signal;
