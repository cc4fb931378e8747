import { bootId } from './boot.ts';
import type { Clock } from './clock.ts';
import { type ClockMemory, parseMemory } from './clock-memory.ts';
import type { HostName } from './host-name.ts';
import { HostTimes, SAME_TIME } from './host-times.ts';
import { type Logger, silentLogger } from './logger.ts';
import { DAY_MS, HOUR_MS, inMillis, inSeconds, MINUTE_MS, type Millis, millis, type Seconds } from './time.ts';

/** The system clock and the monotonic one have moved apart by more than this: one of them was set. */
const STEP = MINUTE_MS;
/** Without a further step, the system is believed again after this. */
const QUIET = HOUR_MS;

/** The clocks of the system. */
export interface ClockSource extends Clock {
  /** Names the start that `monotonic` counts from; undefined: it is that of the process. */
  readonly boot: string | undefined;
}

export const systemSource: ClockSource = {
  now: () => millis(Date.now()),
  monotonic: () => millis(Number(process.hrtime.bigint()) / 1e6),
  boot: bootId(),
};

/** How the system's clock has behaved. */
export interface ClockState {
  /** Since the start of the agent. */
  readonly steps: number;
  /** Whether it stepped within the last hour. */
  readonly isStepped: boolean;
  /** How far it is behind the newest record of a host that is read now, not below 0. */
  readonly behind: Seconds;
  readonly isInDoubt: boolean;
}

/**
 * The time that the agent believes in. It is that of the system until that steps, or until hosts say otherwise; then it
 * goes on from the last time that was believed, by the monotonic clock, until an hour has passed without a step or a host
 * has shown the same time as the system.
 */
export class TrustedClock implements Clock {
  readonly #source: ClockSource;
  readonly #logger: Logger;
  readonly #hosts = new HostTimes();
  /** Wall time less monotonic time: by the system when it was last looked at, and as it is believed. */
  #system: number;
  #trusted: number;
  /** The system's of an hour ago at most: it may move by less than a step within the hour. */
  #anchor: { readonly offset: number; readonly at: number };
  /** Since when, by the monotonic clock, nothing has spoken against the system; undefined: it is not in doubt. */
  #doubtedFrom: Millis | undefined;
  /** When the first run on the database would have begun, by the monotonic clock. */
  #born: number;
  #steps = 0;
  #lastStep = Number.NEGATIVE_INFINITY;

  constructor(source: ClockSource = systemSource, logger: Logger = silentLogger) {
    const at = source.monotonic();
    this.#source = source;
    this.#logger = logger;
    this.#system = source.now() - at;
    this.#trusted = this.#system;
    this.#anchor = { offset: this.#system, at };
    this.#born = at;
  }

  now(): Millis {
    const at = this.#look();
    return millis(Math.round(this.#trusted + at));
  }

  monotonic(): Millis {
    return this.#source.monotonic();
  }

  get isInDoubt(): boolean {
    this.#look();
    return this.#doubtedFrom !== undefined;
  }

  state(): ClockState {
    const at = this.#look();
    return {
      steps: this.#steps,
      isStepped: at - this.#lastStep <= HOUR_MS,
      behind: inSeconds(this.#hosts.ahead(millis(this.#system + at), at)),
      isInDoubt: this.#doubtedFrom !== undefined,
    };
  }

  /** Wall time less monotonic time, as it is believed; and the larger of that and what the system says. Milliseconds. */
  offsets(): { readonly trusted: number; readonly largest: number } {
    this.#look();
    return { trusted: this.#trusted, largest: Math.max(this.#trusted, this.#system) };
  }

  /** Takes notice of records that hosts or shippers have just sent, in their order. */
  hear(records: Iterable<{ readonly host: HostName; readonly time: Seconds }>): void {
    for (const { host, time } of records) this.#hear(host, inMillis(time));
  }

  #hear(host: HostName, time: Millis): void {
    const at = this.#look();
    const [system, trusted] = [this.#system + at, this.#trusted + at];
    this.#hosts.note(host, time, at);
    if (time > Math.max(system, trusted) + DAY_MS) {
      if (this.#doubtedFrom !== undefined || !this.#hosts.isConfirmed) this.#doubt(at);
      return;
    }
    if (!this.#hosts.isNew(time)) return;
    const [bySystem, byTrusted] = [Math.abs(time - system), Math.abs(time - trusted)];
    if (bySystem <= SAME_TIME && bySystem <= byTrusted + STEP) {
      this.#hosts.agree(at);
      this.#believe();
    } else if (this.#doubtedFrom !== undefined) {
      if (byTrusted <= SAME_TIME || bySystem > DAY_MS) this.#doubt(at);
    }
  }

  /** How much time has passed over all runs, by the monotonic clock alone. */
  get lived(): Seconds {
    return inSeconds(millis(this.#source.monotonic() - this.#born));
  }

  /** Both, for the store to keep. */
  tick(): { readonly memory: string; readonly lived: Seconds } {
    return { memory: this.memory(), lived: this.lived };
  }

  /** For the next run. */
  memory(): string {
    const monotonic = this.#look();
    const memory: ClockMemory = {
      boot: this.#source.boot,
      monotonic,
      system: this.#system,
      trusted: this.#trusted,
      doubtedFrom: this.#doubtedFrom,
      lastStep: this.#steps === 0 ? undefined : this.#lastStep,
      newest: Number.isFinite(this.#hosts.newest) ? this.#hosts.newest : undefined,
      lived: monotonic - this.#born,
    };
    return JSON.stringify(memory);
  }

  /** Goes on from the last run. @param text its `memory`; undefined: there is none */
  recall(text: string | undefined): void {
    const memory = parseMemory(text);
    if (memory === undefined) return;
    const at = this.#source.monotonic();
    this.#hosts.newest = millis(Math.max(this.#hosts.newest, memory.newest ?? Number.NEGATIVE_INFINITY));
    if (memory.boot !== undefined && memory.boot === this.#source.boot && memory.monotonic <= at) {
      // The monotonic clock has gone on: how long the agent was away is known.
      this.#born = memory.monotonic - memory.lived;
      this.#trusted = memory.trusted;
      this.#doubtedFrom = memory.doubtedFrom === undefined ? undefined : millis(memory.doubtedFrom);
      this.#lastStep = memory.lastStep ?? this.#lastStep;
      this.#anchor = { offset: memory.system, at };
      this.#look();
      return;
    }
    this.#born = at - memory.lived;
    const ahead = this.#system + at - (memory.trusted + memory.monotonic);
    if (ahead >= -STEP && ahead <= DAY_MS) return;
    this.#trusted = memory.trusted + memory.monotonic - at;
    if (ahead < -STEP) this.#step(at, this.#trusted);
    else this.#doubt(at);
  }

  /** @returns the monotonic time */
  #look(): Millis {
    const at = this.#source.monotonic();
    this.#system = this.#source.now() - at;
    if (Math.abs(this.#system - this.#anchor.offset) > STEP) this.#step(at, this.#anchor.offset);
    else if (at - this.#anchor.at >= HOUR_MS) this.#anchor = { offset: this.#system, at };
    if (this.#doubtedFrom !== undefined && at - this.#doubtedFrom >= QUIET) this.#believe();
    if (this.#doubtedFrom === undefined) this.#trusted = this.#system;
    return at;
  }

  #step(at: Millis, from: number): void {
    const by = inSeconds(millis(Math.round(this.#system - from)));
    this.#logger.warn({ seconds: by }, 'the system clock has stepped');
    this.#steps += 1;
    this.#lastStep = at;
    this.#anchor = { offset: this.#system, at };
    this.#doubt(at);
  }

  #doubt(at: Millis): void {
    this.#hosts.disagree();
    this.#doubtedFrom = at;
  }

  #believe(): void {
    if (this.#doubtedFrom === undefined) return;
    this.#doubtedFrom = undefined;
    this.#logger.info({}, 'the system clock is believed again');
    this.#trusted = this.#system;
  }
}
