import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { DAY_MS, inSeconds, type Millis, millis, SECOND_MS } from '../kernel/time.ts';
import { nextRuns } from './next-runs.ts';

/** A timer takes no more than 24.8 days, and a loop may wait for longer. */
const LONGEST_WAIT = DAY_MS;

/** What happened when a loop was due. */
export interface RoundReport {
  /** False when nothing was done because the round before was still running. */
  readonly ran: boolean;
  /** Rounds left out: at most one, or one a queue. */
  readonly skipped: number;
}

export interface RoundContext {
  /** The first round runs at once and without jitter. */
  readonly first: boolean;
  readonly signal: AbortSignal;
}

export interface LoopOptions {
  readonly name: string;
  /** A cron expression as node-cron reads it. */
  readonly schedule: string;
  /** MUST settle soon after the signal aborts. */
  readonly round: (context: RoundContext) => Promise<RoundReport>;
  readonly history: LoopHistory;
  readonly clock: Clock;
  /** By which the schedule says when the next round is due. */
  readonly wallClock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

/** What is remembered of a loop; it outlives the loop when a reload replaces it. */
export class LoopHistory {
  /** Seconds. */
  duration: number | undefined;
  /** By the clock of the loop. */
  lastEnd: Millis | undefined;
  skipped = 0;
}

/** Runs a round at once, and then one whenever its schedule says. A round that throws is logged, and the next one runs. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  /** When the next round is due, or the last one was: milliseconds since the epoch. */
  #slot: number | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  /** @returns when the first round has ended */
  async start(): Promise<void> {
    const first = this.#run(true);
    this.#wait();
    await first;
  }

  /** Ends the rounds that run. */
  async stop(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await Promise.all(this.#running);
  }

  #wait(): void {
    const { schedule, clock, wallClock } = this.#options;
    const now = wallClock.now();
    const before = this.#slot;
    // Ahead of its slot by the little that the clocks drift apart, a round is not that of the slot before.
    const from = before !== undefined && Math.abs(before - now) < SECOND_MS ? Math.max(before, now) : now;
    [this.#slot] = nextRuns(schedule, 1, from);
    if (this.#slot !== undefined) this.#waitUntil(clock.monotonic() + this.#slot - now);
  }

  /** By the monotonic clock: a clock on the wall that is set neither delays a round nor adds one. */
  #waitUntil(due: number): void {
    const { clock } = this.#options;
    const left = due - clock.monotonic();
    this.#timer = setTimeout(
      () => {
        if (left > LONGEST_WAIT) return this.#waitUntil(due);
        void this.#run(false);
        this.#wait();
      },
      Math.min(Math.ceil(left), LONGEST_WAIT),
    );
  }

  #run(first: boolean): Promise<void> {
    const run = this.#round(first).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return run;
  }

  async #round(first: boolean): Promise<void> {
    const { clock, history, round, name, logger } = this.#options;
    const start = clock.monotonic();
    try {
      const report = await round({ first, signal: this.#abort.signal });
      history.skipped += report.skipped;
      if (!report.ran || this.#abort.signal.aborted) return;
      history.duration = inSeconds(millis(clock.monotonic() - start));
      history.lastEnd = clock.now();
    } catch (error) {
      logger.error({ loop: name, err: error }, 'round failed');
    }
  }
}

/** Leaves a round out while the one before is running. */
export function exclusive(round: (context: RoundContext) => Promise<void>): LoopOptions['round'] {
  let busy = false;
  return async (context) => {
    if (busy) return { ran: false, skipped: 1 };
    busy = true;
    try {
      await round(context);
      return { ran: true, skipped: 0 };
    } finally {
      busy = false;
    }
  };
}
