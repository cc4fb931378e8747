import { isDeepStrictEqual } from 'node:util';
import type { OpenCondition } from '../conditions/condition.ts';
import { OpenConditions } from '../conditions/open-conditions.ts';
import { fromLines, type Remembered, toLines } from '../conditions/remembered.ts';
import { ReportedTotals } from '../conditions/reported-totals.ts';
import type { Snapshot } from '../conditions/snapshot.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Millis } from '../kernel/time.ts';
import type { Store } from '../store/store.ts';

/** Milliseconds between two evaluations when no round ends. */
const EVERY = 15_000;

export interface ConditionsWatchOptions {
  /** What is known now; undefined before the first rounds have ended. */
  readonly snapshot: () => Snapshot | undefined;
  /** Has counted what `snapshot` is made of. Default: nothing needs counting. */
  readonly count?: () => Promise<unknown>;
  /** By which conditions hold; it never steps. */
  readonly clock: Clock;
  /** The time that is shown as that at which they began; default: that of the clock. */
  readonly wallTime?: (at: Millis) => Millis;
  readonly store: Pick<Store, 'openConditions' | 'saveOpenConditions'>;
  /** By which the times of the catalogue are divided; default: 1. */
  readonly hurry?: number | undefined;
}

/** Judges the newest snapshot again and again, and remembers over a restart what is open. */
export class ConditionsWatch {
  readonly #options: ConditionsWatchOptions;
  readonly #open: OpenConditions;
  readonly #totals: ReportedTotals;
  readonly #listeners: ((open: readonly OpenCondition[]) => void)[] = [];
  #ticking: NodeJS.Timeout | undefined;
  #isSaved = true;
  #isStopped = false;
  /** Whether what the run before has left could be read. */
  #isRecalled: boolean;
  #savedRises: ReadonlyMap<string, number> = new Map();
  #saving: Promise<void> | undefined;

  /** Takes up what was open when the agent last ran. */
  static async create(options: ConditionsWatchOptions): Promise<ConditionsWatch> {
    const lines = await options.store.openConditions();
    return new ConditionsWatch(options, fromLines(lines.ok ? lines.value : []), lines.ok);
  }

  private constructor(options: ConditionsWatchOptions, { open, rises }: Remembered, isRecalled: boolean) {
    this.#options = options;
    this.#isRecalled = isRecalled;
    this.#open = new OpenConditions(open, options.hurry);
    this.#totals = new ReportedTotals(rises);
  }

  /** The critical first. Before the first rounds have ended: what was open when the agent last ran. */
  get open(): readonly OpenCondition[] {
    return this.#open.all;
  }

  /** Calls a listener after every evaluation from now on. */
  onEvaluated(listener: (open: readonly OpenCondition[]) => void): void {
    this.#listeners.push(listener);
  }

  start(): void {
    this.#ticking = setInterval(() => void this.countAndEvaluate(), EVERY);
    this.#ticking.unref();
  }

  /** @returns when what is open is on disk */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#ticking);
    await this.#saving;
  }

  /** The same with what there is to count now. */
  async countAndEvaluate(): Promise<void> {
    await this.#options.count?.();
    if (!this.#isStopped) this.evaluate();
  }

  /** Judges what is known now, unless that is nothing yet. */
  evaluate(): void {
    const snapshot = this.#options.snapshot();
    if (snapshot === undefined) return;
    const risen = this.#totals.update(snapshot.estate);
    const { clock, wallTime } = this.#options;
    const now = clock.now();
    const isChanged = this.#open.evaluate({ ...snapshot, risen }, now, wallTime?.(now));
    if (isChanged || !isDeepStrictEqual(this.#silentRises(), this.#savedRises)) this.#isSaved = false;
    if (!this.#isSaved) this.#saving ??= this.#save().finally(() => (this.#saving = undefined));
    for (const listener of this.#listeners) listener(this.#open.all);
  }

  /** Of the others nothing is open that could end by a restart; and they rise with every report. */
  #silentRises(): ReadonlyMap<string, number> {
    const silent = this.#open.all.filter(({ name }) => name === 'KmsActivationFeedStale');
    const hosts = new Set(silent.map(({ subject }) => subject['host']));
    return new Map([...this.#totals.rises].filter(([host]) => hosts.has(host)));
  }

  /** @returns false as long as the store cannot be read */
  async #recall(): Promise<boolean> {
    if (this.#isRecalled) return true;
    const lines = await this.#options.store.openConditions();
    if (!lines.ok) return false;
    this.#open.recall(fromLines(lines.value).open);
    this.#isRecalled = true;
    return true;
  }

  /** What changes meanwhile is saved as well; what cannot be saved is tried again at the next evaluation. */
  async #save(): Promise<void> {
    // It would be overwritten.
    if (!(await this.#recall())) return;
    while (!this.#isSaved) {
      this.#isSaved = true;
      const rises = this.#silentRises();
      this.#savedRises = rises;
      const saved = await this.#options.store.saveOpenConditions(toLines({ open: this.#open.all, rises }));
      if (!saved.ok) {
        this.#isSaved = false;
        return;
      }
    }
  }
}
