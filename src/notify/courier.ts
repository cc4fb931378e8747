import { BackOff } from '../kernel/back-off.ts';
import type { Clock } from '../kernel/clock.ts';
import { sleep } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Random } from '../kernel/random.ts';
import { HOUR_MS, MINUTE_MS, type Millis, millis, SECOND_MS } from '../kernel/time.ts';
import { type Alert, byUrgency } from './alert.ts';
import type { Outbox } from './outbox.ts';
import type { DeliveryFailure } from './post.ts';
import type { Receiver } from './receiver.ts';
import type { WallClock } from './wall-time.ts';

export interface CourierDeps {
  /** Writes the changes of the outbox down; settles when they are on disk, or cannot be. */
  readonly save: () => Promise<void>;
  /** Never steps while the agent runs. */
  readonly clock: Clock;
  /** The time that is believed, for messages. */
  readonly wallClock: WallClock;
  readonly random: Random;
  readonly logger: Logger;
}

/** What is known of a receiver. */
export interface CourierState {
  readonly receiver: string;
  /** Messages that it confirmed, and attempts that failed. */
  readonly delivered: number;
  readonly failed: number;
  /** Alerts that found no room in its queue. */
  readonly dropped: number;
  /** Alerts that it has still to hear of. */
  readonly pending: number;
  /** When an attempt last went well, and when one last did not, by the clock of the courier; undefined for never. */
  readonly lastDelivered: Millis | undefined;
  readonly lastFailed: Millis | undefined;
  /** Why the last attempt failed; undefined when it did not. */
  readonly error: string | undefined;
}

/** Milliseconds between attempts. */
const WAITS = { first: SECOND_MS, most: millis(5 * MINUTE_MS) };
/** A receiver that asks for more patience than this gets this. */
const LONGEST_RETRY_AFTER = HOUR_MS;

/** What is remembered of the attempts; it outlives the courier when a reload replaces it, as counters must not go back. */
export class CourierRecord {
  delivered = 0;
  failed = 0;
  lastDelivered: Millis | undefined;
  lastFailed: Millis | undefined;
  error: string | undefined;
}

/** Takes what is in an outbox to its receiver, again and again until it is confirmed. */
export class Courier {
  readonly #receiver: Receiver;
  readonly #outbox: Outbox;
  readonly #record: CourierRecord;
  readonly #deps: CourierDeps;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #wake = (): void => {};
  readonly #backOff: BackOff;
  /** When what fires was last sent as a whole, by the monotonic clock. */
  #sentAll = Number.NEGATIVE_INFINITY;

  constructor(receiver: Receiver, outbox: Outbox, record: CourierRecord, deps: CourierDeps) {
    this.#receiver = receiver;
    this.#outbox = outbox;
    this.#record = record;
    this.#deps = deps;
    this.#backOff = new BackOff(WAITS, deps.random);
    this.#done = this.#run();
  }

  get state(): CourierState {
    return {
      receiver: this.#receiver.name,
      ...this.#record,
      dropped: this.#outbox.dropped,
      pending: this.#outbox.pending().length,
    };
  }

  /** There may be something to tell. */
  wake(): void {
    this.#wake();
  }

  /** Ends what is under way; what is not confirmed stays in the outbox. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#wake();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const alerts = this.#due();
      if (alerts.length === 0) await this.#idle(woken);
      else await this.#deliver(alerts);
    }
  }

  /** What to send now: all that is new to the receiver, or all that fires if it is time to repeat it. */
  #due(): readonly Alert[] {
    const { resendAfter, max } = this.#receiver;
    const pending = this.#outbox.pending();
    const now = this.#deps.clock.monotonic();
    if (resendAfter === undefined || now < this.#sentAll + resendAfter) return byUrgency(pending).slice(0, max);
    const resolved = pending.filter((alert) => alert.endsAt !== undefined);
    const all = [...this.#outbox.firing(), ...resolved];
    if (all.length > 0) this.#sentAll = now;
    return all;
  }

  async #idle(woken: Promise<void>): Promise<void> {
    const { resendAfter } = this.#receiver;
    if (resendAfter === undefined || this.#outbox.firing().length === 0) return woken;
    const wait = new AbortController();
    const left = Math.max(0, this.#sentAll + resendAfter - this.#deps.clock.monotonic());
    await Promise.race([woken, sleep(millis(left), wait.signal)]);
    wait.abort();
  }

  async #deliver(alerts: readonly Alert[]): Promise<void> {
    const { wallClock } = this.#deps;
    const { signal } = this.#abort;
    for (let at = 0; at < alerts.length; at += this.#receiver.max) {
      const part = alerts.slice(at, at + this.#receiver.max);
      const delivered = await this.#receiver.deliver(part, {
        now: wallClock.now(),
        isInDoubt: wallClock.isInDoubt,
        signal,
      });
      if (signal.aborted) return;
      if (!delivered.ok) {
        this.#sentAll = Number.NEGATIVE_INFINITY;
        return this.#fail(delivered.error);
      }
      this.#succeed();
      this.#outbox.delivered(part);
    }
    await this.#deps.save();
  }

  #succeed(): void {
    this.#record.delivered += 1;
    this.#backOff.reset();
    this.#record.lastDelivered = this.#deps.clock.now();
    if (this.#record.error !== undefined) {
      this.#deps.logger.info({ receiver: this.#receiver.name }, 'receiver accepts notifications again');
    }
    this.#record.error = undefined;
  }

  async #fail({ text, retryAfter }: DeliveryFailure): Promise<void> {
    const { clock, logger } = this.#deps;
    this.#record.failed += 1;
    if (this.#record.error !== text) {
      logger.warn({ receiver: this.#receiver.name, error: text }, 'cannot deliver a notification, will try again');
    }
    this.#record.error = text;
    this.#record.lastFailed = clock.now();
    const asked = Math.min(retryAfter ?? 0, LONGEST_RETRY_AFTER);
    await sleep(millis(Math.max(this.#backOff.next(), asked)), this.#abort.signal);
  }
}
