import { BackOff, type BackOffLimits } from '../kernel/back-off.ts';
import type { Logger } from '../kernel/logger.ts';
import { systemRandom } from '../kernel/random.ts';
import { ok, type Result } from '../kernel/result.ts';
import { MINUTE_MS, millis, SECOND_MS } from '../kernel/time.ts';
import type { TrustedClock } from '../kernel/trusted-clock.ts';
import { APART, type StoreFailure } from './failure.ts';
import { type BegunThread, beginThread } from './threads/begin-thread.ts';
import type { AskedAt, Message, ThreadStart } from './threads/messages.ts';
import { Thread } from './threads/thread.ts';
import type { WriterCalls } from './threads/writer-calls.ts';

type Call = Thread<WriterCalls>['call'];

/** Between the end of a writer and the start of the next. */
const RESTARTS: BackOffLimits = { first: SECOND_MS, most: millis(5 * MINUTE_MS) };
/** Between two tries to get over a failure. */
const RETRY_EVERY = 5 * SECOND_MS;

interface Writer {
  /** The first thread, if it was begun before. */
  readonly begun: BegunThread | undefined;
  readonly start: () => ThreadStart;
  /** Told with every call. */
  readonly time: () => AskedAt;
  readonly logger: Logger;
  readonly trusted: TrustedClock | undefined;
  /** Milliseconds between two looks at the disk and the clock. */
  readonly tickEvery: number;
  readonly onVersion: (version: number) => void;
  /** The files are not those of the readers any more. */
  readonly onApart: () => void;
  /** Once nobody reads files that were moved. */
  readonly left: () => Promise<unknown>;
}

/** The thread that writes: started again when it ends, and asked every few seconds while it fails. */
export class StoreWriter {
  readonly #options: Writer;
  readonly #backOff = new BackOff(RESTARTS, systemRandom);
  #thread: Thread<WriterCalls>;
  #isRecalled = false;
  #restarting: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #ticking: NodeJS.Timeout | undefined;
  #retrying: NodeJS.Timeout | undefined;
  #failure: StoreFailure | undefined;
  #bytes: number | undefined;

  constructor(options: Writer) {
    this.#options = options;
    this.#thread = this.#begin(options.begun);
  }

  get failure(): StoreFailure | undefined {
    return this.#failure;
  }

  /** Of all files of the database; undefined while it cannot be opened. */
  get bytes(): number | undefined {
    return this.#bytes;
  }

  async open(isTolerant: boolean): Promise<Result<undefined, StoreFailure>> {
    const opened = await this.#thread.opened();
    if (!opened.ok && (!isTolerant || opened.error.reason === 'in_use')) {
      await this.#thread.close();
      return opened;
    }
    this.note(opened);
    await this.#recall();
    this.#ticking = setInterval(() => void this.#tick(), this.#options.tickEvery).unref();
    this.#retrying = setInterval(() => this.#failure && void this.#tick(), RETRY_EVERY).unref();
    return ok(undefined);
  }

  /** Asks for what says nothing of whether the store can be written to. */
  call: Call = (name, ...args) => this.#thread.call(name, ...args);

  /** Writes; whether that went well is the state of the store. */
  write: Call = async (name, ...args) => {
    const answer = await this.#thread.call(name, ...args);
    this.note(answer);
    return answer;
  };

  note(answer: Result<unknown, StoreFailure>): void {
    const { logger, onApart } = this.#options;
    const before = this.#failure;
    this.#failure = answer.ok ? undefined : answer.error;
    if (answer.ok) {
      if (before !== undefined) logger.info({}, 'the store is writable again');
      return;
    }
    const { reason, text } = answer.error;
    if (before?.reason !== reason) logger.error({ reason, error: text }, 'cannot write to the store');
    if (APART.has(reason)) onApart();
  }

  async close(): Promise<void> {
    clearInterval(this.#ticking);
    clearInterval(this.#retrying);
    clearTimeout(this.#restarting);
    await this.#thread.close();
  }

  #begin(begun = beginThread('./writer-thread')): Thread<WriterCalls> {
    const { start, time } = this.#options;
    const end = () => this.#restartLater();
    return new Thread<WriterCalls>(begun, start(), time, (message) => this.#take(message), end);
  }

  /** Only a bug ends the thread: what it trips over may be gone, and the agent must not stop remembering for good. */
  #restartLater(): void {
    if (performance.now() - this.#startedAt > 2 * RESTARTS.most) this.#backOff.reset();
    this.#restarting = setTimeout(async () => {
      this.#thread = this.#begin();
      await this.#tick();
    }, this.#backOff.next()).unref();
    this.#startedAt = performance.now();
  }

  async #tick(): Promise<void> {
    await this.#options.left();
    await this.#recall();
    await this.write('tick', this.#options.trusted?.tick());
  }

  /** What an earlier run knew of the clock, once it can be read: a tick overwrites it. */
  async #recall(): Promise<void> {
    const { trusted } = this.#options;
    if (trusted === undefined || this.#isRecalled) return;
    const memory = await this.#thread.call('loadClock');
    if (memory.ok) trusted.recall(memory.value);
    this.#isRecalled = memory.ok;
  }

  #take({ version, bytes }: Message): void {
    if (version !== undefined) this.#options.onVersion(version);
    if (bytes !== undefined) this.#bytes = bytes;
  }
}
