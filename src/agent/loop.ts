import { createTask, type ScheduledTask } from 'node-cron';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Millis } from '../kernel/time.ts';

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
  readonly #task: ScheduledTask;

  constructor(options: LoopOptions) {
    this.#options = options;
    const { logger, name } = options;
    this.#task = createTask(options.schedule, () => this.#run(false), {
      name,
      suppressMissedWarning: true,
      logger: {
        debug: () => {},
        info: () => {},
        warn: (detail) => logger.warn({ loop: name, detail }, 'warning from the scheduler'),
        error: (detail) => logger.error({ loop: name, detail: String(detail) }, 'error from the scheduler'),
      },
    });
  }

  /** @returns when the first round has ended */
  async start(): Promise<void> {
    const first = this.#run(true);
    await this.#task.start();
    await first;
  }

  /** Ends the rounds that run. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#task.destroy();
    await Promise.all(this.#running);
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
      history.duration = (clock.monotonic() - start) / 1000;
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
