import { createHash } from 'node:crypto';
import { redactSecrets } from '../../config/redact.ts';
import type { Config } from '../../config/schema.ts';
import type { Estate } from '../../estate/estate.ts';
import { type Clock, sleep } from '../../kernel/clock.ts';
import type { HostName } from '../../kernel/host-name.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Random } from '../../kernel/random.ts';
import { Secret } from '../../kernel/secret.ts';
import { MINUTE_MS, millis, SECOND_MS } from '../../kernel/time.ts';
import type { Store } from '../../store/store.ts';
import type { WinrmAccess, WinrmSettings } from '../winrm-access.ts';
import type { LogTimes } from './log-progress.ts';
import { readLogs } from './log-reader.ts';

/**
 * Milliseconds between two readers that begin: 500 take 10 s. Begun all at once, they would all be shaking hands and
 * reading at the same time, with three times the memory of one after the other, which the process then keeps.
 */
const BETWEEN_STARTS = 20;

/**
 * Events that may be under way from all hosts together, some 30 MB. A first reading may find thousands in the log of each
 * of 500 hosts; a few hosts get answers as long as they can be.
 */
const UNDER_WAY = 20_000;
const LARGEST_BATCH = 500;
const SMALLEST_BATCH = 20;

const BACK_OFF = { first: SECOND_MS, most: millis(5 * MINUTE_MS) };

const TIMES: Omit<LogTimes, 'timeout'> = {
  queryTimeout: millis(10 * MINUTE_MS),
  pullTimeout: MINUTE_MS,
  look: millis(10 * SECOND_MS),
  renewAfter: 40 * MINUTE_MS,
  pollEvery: millis(5 * MINUTE_MS),
  retryRefused: 60 * MINUTE_MS,
};

export interface LogReadersDeps {
  readonly estate: Estate;
  readonly store: Store;
  readonly winrm: WinrmAccess;
  readonly clock: Clock;
  readonly eventClock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

interface Running {
  /** A key for everything that it was started with. */
  readonly key: string;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** The readers of all hosts' logs: one for each host, through any number of reloads. */
export class LogReaders {
  readonly #deps: LogReadersDeps;
  readonly #running = new Map<HostName, Running>();
  /** Changes one after the other. */
  #lastChange: Promise<void> = Promise.resolve();

  constructor(deps: LogReadersDeps) {
    this.#deps = deps;
  }

  /** Reads what a configuration says; what was read in the same way before goes on without a break. */
  apply(config: Config): Promise<void> {
    this.#lastChange = this.#lastChange.then(() => this.#apply(config));
    return this.#lastChange;
  }

  /** Ends all of them. */
  stop(): Promise<void> {
    this.#lastChange = this.#lastChange.then(() => this.#stopAll());
    return this.#lastChange;
  }

  async #apply(config: Config): Promise<void> {
    const wanted = new Map(
      config.hosts.flatMap(({ name, activations }) => (activations ? [[name, activations.winrm] as const] : [])),
    );
    const { timeout } = config.reports;
    const keyOf = (settings: WinrmSettings): string => digest({ settings, timeout });
    await Promise.all(
      [...this.#running].map(async ([host, { key }]) => {
        const settings = wanted.get(host);
        if (settings === undefined || keyOf(settings) !== key) await this.#stop(host);
      }),
    );
    let delay = 0;
    for (const [host, settings] of wanted) {
      if (this.#running.has(host)) continue;
      const abort = new AbortController();
      const done = sleep(millis(delay), abort.signal).then(() => this.#read(host, settings, config, abort.signal));
      delay += BETWEEN_STARTS;
      this.#running.set(host, { key: keyOf(settings), abort, done });
    }
  }

  async #stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((host) => this.#stop(host)));
  }

  async #stop(host: HostName): Promise<void> {
    const reader = this.#running.get(host);
    reader?.abort.abort();
    await reader?.done;
    this.#running.delete(host);
  }

  async #read(host: HostName, settings: WinrmSettings, config: Config, signal: AbortSignal): Promise<void> {
    const { estate, store, winrm, clock, eventClock, random, logger } = this.#deps;
    const log = new StateLog(host, logger);
    if (signal.aborted) return;
    const client = await winrm.client(settings);
    try {
      await readLogs(
        {
          host,
          client,
          store,
          times: { ...TIMES, timeout: config.reports.timeout },
          maxEvents: batchFor(config),
          backOff: BACK_OFF,
          onAnswer: () => {
            estate.recordSubscriptionAnswer(host, clock.now());
            log.answered();
          },
          onFailure: async (text) => {
            const clean = await redactSecrets(text, config);
            estate.recordSubscriptionFailure(host, clean);
            log.failed(clean);
          },
          onRefused: (text) => log.refused(text),
          clock,
          eventClock,
          random,
        },
        signal,
      );
    } catch (error) {
      logger.error({ host, err: error }, 'stopped reading the logs of a host');
      estate.recordSubscriptionFailure(host, 'an internal error in kmswatch: see its log');
    } finally {
      await client.close();
    }
  }
}

/** Logs what changes. */
class StateLog {
  readonly #host: HostName;
  readonly #logger: Logger;
  #last: string | undefined;

  constructor(host: HostName, logger: Logger) {
    this.#host = host;
    this.#logger = logger;
  }

  answered(): void {
    if (this.#last !== '') this.#logger.info({ host: this.#host }, 'reading the logs of a host');
    this.#last = '';
  }

  failed(detail: string): void {
    const fields = { host: this.#host, detail };
    if (this.#last === detail) this.#logger.debug(fields, 'cannot read the logs of a host');
    else this.#logger.warn(fields, 'cannot read the logs of a host');
    this.#last = detail;
  }

  refused(detail: string): void {
    this.#logger.debug({ host: this.#host, detail }, 'host refuses subscriptions: reading its logs by queries');
  }
}

function batchFor({ hosts }: Config): number {
  const read = hosts.filter(({ activations }) => activations !== undefined).length;
  return Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, Math.floor(UNDER_WAY / read)));
}

/** Secrets as what they are, so that a new password counts as new settings. */
function digest(settings: object): string {
  const text = JSON.stringify(settings, function (this: Record<string, unknown>, key, value) {
    const inner = this[key];
    return inner instanceof Secret ? inner.reveal() : value;
  });
  return createHash('sha256').update(text).digest('base64');
}
