import type { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '../kernel/result.ts';
import { startWorker } from '../kernel/worker.ts';
import type { OperationName, Operations } from './operations.ts';
import type { Answer, Call } from './thread-messages.ts';

type Arguments<Name extends OperationName> = Operations[Name] extends (
  database: never,
  ...args: infer Args extends readonly unknown[]
) => unknown
  ? Args
  : never;

/** The main thread's end of the writer thread. */
export class Writer {
  /** False after an operation that failed, until one goes well. */
  up = true;
  /** Size of the database with its write-ahead log. */
  bytes: number | undefined;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  /** Opens the database; the failure is SQLite's own text. */
  static async open(path: string): Promise<Result<Writer, string>> {
    const worker = startWorker('./writer-thread', import.meta.url, { path });
    const writer = new Writer(worker);
    const opened = await writer.#answerTo(0);
    if (!('error' in opened)) return ok(writer);
    await worker.terminate();
    return err(opened.error);
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answer: Answer) => this.#settle(answer));
    worker.on('error', (error) => this.#fail(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => this.#fail('the database thread has ended'));
  }

  async call<Name extends OperationName>(
    name: Name,
    ...args: Arguments<Name>
  ): Promise<Result<ReturnType<Operations[Name]>, string>> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = this.#answerTo(id);
    this.#worker.postMessage({ id, name, args } satisfies Call);
    const answer = await answered;
    this.up = !('error' in answer);
    return 'error' in answer ? err(answer.error) : ok(answer.value as ReturnType<Operations[Name]>);
  }

  /** Finishes what was asked before, then closes the database. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.#worker.postMessage({ name: 'close' } satisfies Call);
    await ended;
  }

  #answerTo(id: number): Promise<Answer> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #settle(answer: Answer): void {
    if ('bytes' in answer) this.bytes = answer.bytes;
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  #fail(error: string): void {
    for (const [id, settle] of this.#waiting) settle({ id, error });
    this.#waiting.clear();
    this.up = false;
  }
}
