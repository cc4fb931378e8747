import { isDeepStrictEqual } from 'node:util';
import type { OpenCondition } from '../conditions/condition.ts';
import { hostsReading } from '../estate/log-reading.ts';
import type { LogsSnapshot } from '../estate/logs-snapshot.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Logger } from '../kernel/logger.ts';
import { HOUR_S, MINUTE_MS, type Seconds, wholeSeconds } from '../kernel/time.ts';
import type { TrustedClock } from '../kernel/trusted-clock.ts';
import type { Outage } from '../store/months/month-types.ts';
import type { Store } from '../store/store.ts';
import { isReached } from './month-reach.ts';

/** Conditions that are outages: nobody, or nobody of one host, is activated. */
const OUTAGES = new Set([
  'KmsNoHostAvailable',
  'KmsHostDown',
  'KmsServiceFailure',
  'KmsHostKeyMissing',
  'KmsHostNotActivated',
]);

/** Seconds for which no log may have grown backwards: files of years are imported one after the other. */
const SETTLED = HOUR_S;

const CLOSE_EVERY = 10 * MINUTE_MS;

/** What a month is closed with. */
export interface MonthKeeperOptions {
  readonly store: Pick<Store, 'month' | 'dueMonths' | 'closeMonth' | 'takeOutages'>;
  /** As last counted. */
  readonly logs: () => Pick<LogsSnapshot, 'aggregates' | 'now'>;
  readonly clock: Pick<TrustedClock, 'isInDoubt'>;
  readonly logger: Logger;
}

/** Keeps for the reports of months what is not in the logs of hosts: outages; and closes months that are over. */
export class MonthKeeper {
  readonly #options: MonthKeeperOptions;
  readonly #timer: NodeJS.Timeout;
  /** The first record of each log. */
  readonly #firsts = new Map<HostName, Seconds>();
  /** When a log last began, or began earlier than was known; undefined: there is none. */
  #grownAt: Seconds | undefined;
  #known: readonly Outage[] | undefined;
  #saving = false;

  constructor(options: MonthKeeperOptions) {
    this.#options = options;
    const close = (): void => void this.close().catch((err) => options.logger.error({ err }, 'cannot close a month'));
    this.#timer = setInterval(close, CLOSE_EVERY).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Takes what is open now. What could not be saved is tried again at the next evaluation. */
  async take(open: readonly OpenCondition[]): Promise<void> {
    this.#noteGrowth();
    const outages = open
      .filter(({ name, firing }) => firing && OUTAGES.has(name))
      .map(({ name, subject, since }) => ({ name, subject: JSON.stringify(subject), since: wholeSeconds(since) }));
    if (this.#saving || isDeepStrictEqual(outages, this.#known)) return;
    this.#saving = true;
    const saved = await this.#options.store.takeOutages(outages);
    this.#saving = false;
    if (saved.ok) this.#known = outages;
  }

  /**
   * Closes each month that is due, the oldest first. What is closed stays so, so none is while a log is coming in, before
   * the logs reach its end, or by a clock that may be wrong.
   */
  async close(): Promise<void> {
    const { store, clock, logger } = this.#options;
    this.#noteGrowth();
    if (clock.isInDoubt || !this.#isSettled()) return;
    const due = await store.dueMonths();
    for (const month of due.ok ? due.value : []) {
      const report = await store.month(month);
      const { aggregates, now } = this.#options.logs();
      // A backlog may have begun to come while the month was counted.
      if (!this.#isSettled() || !isReached(month, aggregates?.hosts ?? [], now)) return;
      const closed = report.ok ? await store.closeMonth(report.value) : report;
      if (!closed.ok) return logger.warn({ month, error: closed.error.text }, 'the month cannot be closed yet');
      logger.info({ month }, 'the report of the month is closed');
    }
  }

  #isSettled(): boolean {
    const logs = this.#options.logs();
    return this.#grownAt !== undefined && logs.now - this.#grownAt >= SETTLED && hostsReading(logs).size === 0;
  }

  #noteGrowth(): void {
    const { aggregates, now } = this.#options.logs();
    for (const { host, firstRecord } of aggregates?.hosts ?? []) {
      if (firstRecord === undefined || firstRecord >= (this.#firsts.get(host) ?? Number.POSITIVE_INFINITY)) continue;
      this.#firsts.set(host, firstRecord);
      this.#grownAt = now;
    }
  }
}
