import type { Logger } from '../kernel/logger.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { StoreFailure } from './failure.ts';
import type { StoreSettings } from './settings.ts';
import { beginThread } from './threads/begin-thread.ts';
import type { AskedAt, ThreadStart } from './threads/messages.ts';
import type { ReaderCalls } from './threads/reader-service.ts';
import { Thread } from './threads/thread.ts';

type Call = Thread<ReaderCalls>['call'];

interface Readers {
  readonly start: () => ThreadStart;
  /** Told with every call. */
  readonly time: () => AskedAt;
  /** Why nothing can be read now, if so. */
  readonly closed: () => StoreFailure | undefined;
  readonly logger: Logger;
}

/** The threads that answer questions about what is stored. */
export class StoreReaders {
  readonly #options: Readers;
  /** Not before somebody asks: many agents are only ever scraped. */
  #reader: Thread<ReaderCalls> | undefined;
  /** Readers of files that were moved have ended. */
  #left: Promise<unknown> = Promise.resolve();

  constructor(options: Readers) {
    this.#options = options;
  }

  /** Whether somebody has asked. */
  get areInUse(): boolean {
    return this.#reader !== undefined;
  }

  /** Once nobody reads files that were moved. */
  get left(): Promise<unknown> {
    return this.#left;
  }

  read: Call = async (name, ...args) => {
    const closed = this.#options.closed();
    if (closed !== undefined) return err(closed);
    // If it has ended, the next question begins another.
    this.#reader ??= this.#begin(() => (this.#reader = undefined));
    return this.#told(await this.#reader.call(name, ...args));
  };

  /** In its own thread, as it takes long. */
  aside: Call = async (name, ...args) => {
    const closed = this.#options.closed();
    if (closed !== undefined) return err(closed);
    const reader = this.#begin();
    try {
      return this.#told(await reader.call(name, ...args));
    } finally {
      await reader.close();
    }
  };

  /** If nobody has asked yet, there is nothing to tell. */
  async configure(settings: StoreSettings): Promise<Result<undefined, StoreFailure>> {
    return (await this.#reader?.call('configure', settings)) ?? ok(undefined);
  }

  /** Leaves the files, as others have taken their place. */
  leave(): void {
    this.#left = Promise.all([this.#left, this.close()]);
    this.#reader = undefined;
  }

  async close(): Promise<void> {
    await this.#reader?.close();
  }

  #begin(end?: () => void): Thread<ReaderCalls> {
    const { start, time } = this.#options;
    return new Thread<ReaderCalls>(beginThread('./reader-thread'), start(), time, () => {}, end);
  }

  #told<T>(answer: Result<T, StoreFailure>): Result<T, StoreFailure> {
    if (!answer.ok && answer.error.reason === 'bug')
      this.#options.logger.error(
        { error: answer.error.text },
        'a question to the store failed: this is a bug in kmswatch',
      );
    return answer;
  }
}
