import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { inSeconds, MINUTE_MS, type Millis, millis } from '../kernel/time.ts';
import { nextRuns } from './next-runs.ts';

/** A loop looks at the clock again after this time at the latest: it may have been set. */
const LONGEST_WAIT = MINUTE_MS;

/** What happened when a loop was due. */
export interface RoundReport {
  /** False when nothing was done because the round before was still running. */
  readonly ran: boolean;
  /** Rounds left out: at most one, or one a lane. */
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
  readonly logger: Logger;
}

/** What is remembered of a loop; it outlives the loop when a reload replaces it. */
export class LoopHistory {
  /** Seconds. */
  duration: number | undefined;
  /** Milliseconds since the epoch. */
  lastEnd: Millis | undefined;
  skipped = 0;
}

/** Runs a round at once, and then one whenever its schedule says. A round that throws is logged, and the next one runs. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

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
    const { schedule, clock } = this.#options;
    const now = clock.now();
    const [due] = nextRuns(schedule, 1, now);
    if (due === undefined) return;
    this.#timer = setTimeout(
      () => {
        if (clock.now() >= due) void this.#run(false);
        this.#wait();
      },
      Math.min(due - now, LONGEST_WAIT),
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
