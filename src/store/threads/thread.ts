import type { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type StoreFailure, storeFailure } from '../failure.ts';
import type { BegunThread } from './begin-thread.ts';
import type { Answer, AskedAt, Calls, Message, ThreadStart } from './messages.ts';

/** The main thread's end of a thread that answers calls. */
export class Thread<Known extends Calls> {
  readonly #worker: Worker;
  readonly #time: () => AskedAt;
  readonly #onMessage: (message: Message) => void;
  readonly #onEnd: () => void;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;
  #isWanted = true;
  #ended: StoreFailure | undefined;

  /** @param time told with every call */
  constructor(
    { worker, ended }: BegunThread,
    start: ThreadStart,
    time: () => AskedAt,
    onMessage: (message: Message) => void,
    /** It has ended by itself, and answers nothing any more. */
    onEnd: () => void = () => {},
  ) {
    this.#time = time;
    this.#onMessage = onMessage;
    this.#onEnd = onEnd;
    this.#worker = worker;
    worker.ref();
    const end = () => this.#end(ended() ?? '');
    worker.on('message', (message: Message) => this.#take(message));
    worker.on('error', end);
    worker.on('exit', end);
    if (ended() === undefined) worker.postMessage(start);
    else end();
  }

  /** Waits for the word that the database is open. */
  async opened(): Promise<Result<undefined, StoreFailure>> {
    const answer = await this.#answerTo(0);
    return 'failure' in answer ? err(answer.failure) : ok(undefined);
  }

  async call<Name extends keyof Known & string>(
    name: Name,
    ...args: Parameters<Known[Name]>
  ): Promise<Result<ReturnType<Known[Name]>, StoreFailure>> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = this.#answerTo(id);
    this.#worker.postMessage({ id, ...this.#time(), name, args });
    const answer = await answered;
    return 'failure' in answer ? err(answer.failure) : ok(answer.value as ReturnType<Known[Name]>);
  }

  /** Finishes what was asked before, then ends. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#lastId += 1;
    const closed = this.#answerTo(this.#lastId);
    this.#worker.postMessage({ id: this.#lastId, ...this.#time(), name: 'close', args: [] });
    await closed;
    await this.terminate();
  }

  /** Ends at once. */
  async terminate(): Promise<void> {
    this.#isWanted = false;
    await this.#worker.terminate();
  }

  async #answerTo(id: number): Promise<Answer> {
    if (this.#ended !== undefined) return { id, failure: this.#ended };
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #take(message: Message): void {
    this.#onMessage(message);
    for (const answer of message.answers) {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    }
  }

  #end(why: string): void {
    const isFirst = this.#ended === undefined;
    this.#ended ??= storeFailure('closed', `the thread of the database has ended: ${why}`);
    if (isFirst && this.#isWanted) this.#onEnd();
    for (const [id, settle] of this.#waiting) settle({ id, failure: this.#ended });
    this.#waiting.clear();
  }
}
