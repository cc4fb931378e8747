import { type Seconds, seconds } from '../../kernel/time.ts';
import { writeBack } from '../erasure/erase.ts';
import type { Answer, Message, ThreadStart } from './messages.ts';
import { OpenStore } from './open-store.ts';
import { doCalls, type WriterCall } from './writer-calls.ts';
import { isReport, WriterQueue } from './writer-queue.ts';

/** Milliseconds without a call until rows are merged into the large table. */
const MERGE_AFTER_MS = 200;
/** Milliseconds between two commits of reports: the hosts of a round answer one after the other. */
const REPORTS_EVERY_MS = 250;

/** The writer thread's work, call by call. Senders that wait together share one commit. */
export class WriterService {
  readonly #store: OpenStore;
  readonly #post: (message: Message) => void;
  readonly #queue = new WriterQueue();
  /** Calls that are answered once the leases have been derived again. */
  #untilDerived: WriterCall[] = [];
  #isBusy = false;
  #merging: NodeJS.Timeout | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #reportsTakenAt = Number.NEGATIVE_INFINITY;
  /** Erased names are still in the log of the database. */
  #mustWriteBack = false;

  constructor({ path, settings }: ThreadStart, post: (message: Message) => void) {
    this.#store = new OpenStore(path, settings);
    this.#post = post;
  }

  /** Opens the database, and says whether it could. */
  start(now: Seconds): void {
    try {
      this.#store.open(now);
      this.#tell([{ id: 0, value: undefined }]);
      this.#continueSoon();
    } catch (error) {
      this.#tell([{ id: 0, failure: this.#store.fail(error) }]);
    }
  }

  take(call: WriterCall): void {
    this.#queue.add(call);
    if (!this.#isBusy) this.#continueSoon();
  }

  /** In turns, so that calls that have arrived meanwhile are in the queue when the next batch is made. */
  #continueSoon(): void {
    clearTimeout(this.#merging);
    this.#isBusy = true;
    setImmediate(() => {
      const wait = this.#wait();
      if (wait === 0) this.#work();
      if (this.#store.engine?.isDeriving === true) this.#derive();
      this.#isBusy = false;
      if (this.#store.engine?.isDeriving === true) this.#continueSoon();
      else if (wait > 0) this.#continueIn(wait);
      else if (this.#queue.size > 0) this.#continueSoon();
      else this.#mergeSoon();
    });
  }

  /** Milliseconds that reports may still wait for others: none if another call is behind them. */
  #wait(): number {
    if (this.#queue.size === 0 || !this.#queue.hasOnlyReports) return 0;
    return Math.max(0, this.#reportsTakenAt + REPORTS_EVERY_MS - performance.now());
  }

  #continueIn(milliseconds: number): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      if (!this.#isBusy && this.#queue.size > 0) this.#continueSoon();
    }, milliseconds);
  }

  #work(): void {
    const calls = this.#queue.next();
    const [call] = calls;
    if (call === undefined) return;
    const answers = this.#answer(calls);
    this.#tell(answers);
    const [answer] = answers;
    const until = call.name === 'tick' && answer !== undefined && 'value' in answer ? answer.value : undefined;
    if (typeof until === 'number' && call.inDoubt !== true) this.#groom(seconds(until));
    if (isReport(call)) this.#reportsTakenAt = performance.now();
  }

  #tell(answers: readonly Answer[]): void {
    const { version, bytes } = this.#store;
    this.#post({ answers, ...(bytes === undefined ? {} : { bytes }), ...(version === undefined ? {} : { version }) });
  }

  /** @returns the answers that there are: one to a new configuration may come later */
  #answer(calls: readonly WriterCall[]): Answer[] {
    try {
      const values = this.#do(calls);
      // Records that went to a file without a name are not acknowledged.
      this.#store.assertInPlace();
      return calls.flatMap((call, index) => {
        if (call.name !== 'configure' || this.#store.engine?.isDeriving !== true)
          return [{ id: call.id, value: values[index] }];
        this.#untilDerived.push(call);
        return [];
      });
    } catch (error) {
      const failure = this.#store.fail(error);
      return calls.map(({ id }) => ({ id, failure }));
    }
  }

  #do(calls: readonly WriterCall[]): readonly unknown[] {
    const [call] = calls;
    if (call === undefined) return [];
    if (call.name === 'close') return [this.#close()];
    if (call.name === 'repair') return [this.#store.repair()];
    if (call.name === 'configure') [this.#store.settings] = call.args;
    this.#store.assertInPlace();
    const engine = this.#store.engine ?? this.#store.open(call.now, call.name === 'tick');
    const { database } = this.#store;
    if (database === undefined) return [];
    const values = doCalls(engine, database, call, calls);
    if (call.name === 'erase') {
      // The names are in memory too, so it is read again; the leases are then derived from the records that are left.
      this.#store.renew(call.now);
      this.#mustWriteBack = true;
    }
    if (this.#mustWriteBack && (call.name === 'erase' || call.name === 'tick')) {
      this.#mustWriteBack = !writeBack(database);
    }
    return values;
  }

  #derive(): void {
    try {
      if (this.#store.engine?.derive() === true) return;
      this.#tell(this.#untilDerived.map(({ id }) => ({ id, value: undefined })));
    } catch (error) {
      const failure = this.#store.fail(error);
      this.#tell(this.#untilDerived.map(({ id }) => ({ id, failure })));
    }
    this.#untilDerived = [];
  }

  /** Once there has been no call for a moment. */
  #mergeSoon(): void {
    if (this.#store.engine?.state.hasRowsToMerge !== true) return;
    this.#merging = setTimeout(() => {
      if (this.#isBusy) return;
      try {
        this.#store.engine?.mergeRows();
      } catch (error) {
        this.#store.fail(error);
      }
      this.#mergeSoon();
    }, MERGE_AFTER_MS);
  }

  /** Forgets in slices, between which senders have their turn. */
  #groom(now: Seconds): void {
    setImmediate(() => {
      try {
        if (this.#store.engine?.groom(now) === true) this.#groom(now);
      } catch (error) {
        this.#store.fail(error);
      }
    });
  }

  #close(): void {
    clearTimeout(this.#merging);
    clearTimeout(this.#gathering);
    this.#store.close();
  }
}
