import type { WriterCall } from './writer-calls.ts';

/** Records of one commit: more make it slower for its senders, and not quicker for all. */
const BATCH = 4000;

/** What counts, and changes nothing. */
const QUESTIONS: ReadonlySet<WriterCall['name']> = new Set(['aggregates', 'forecast', 'overview']);

/**
 * Calls that wait for the writer, in their order. Only a question goes before what waits, as that was not answered yet and
 * nobody misses it; then whatever is next has its turn.
 */
export class WriterQueue {
  readonly #calls: WriterCall[] = [];
  #hasAsked = false;

  get size(): number {
    return this.#calls.length;
  }

  get hasOnlyReports(): boolean {
    return this.#calls.every(isReport);
  }

  add(call: WriterCall): void {
    this.#calls.push(call);
  }

  /** Takes what is answered together: the next call, and those like it behind it that share its commit. */
  next(): WriterCall[] {
    const question = this.#hasAsked ? -1 : this.#calls.findIndex(({ name }) => QUESTIONS.has(name));
    this.#hasAsked = question !== -1;
    return question === -1 ? this.#calls.splice(0, this.#nextLength()) : this.#calls.splice(question, 1);
  }

  #nextLength(): number {
    const [call] = this.#calls;
    if (call?.name === 'ingest') return this.#batchLength();
    if (call?.name !== 'takeReport') return 1;
    const other = this.#calls.findIndex((one) => !isReport(one));
    return other === -1 ? this.#calls.length : other;
  }

  #batchLength(): number {
    let length = 0;
    let records = 0;
    for (const call of this.#calls) {
      if (call.name !== 'ingest' || (length > 0 && records + call.args[2] > BATCH)) break;
      records += call.args[2];
      length += 1;
    }
    return length;
  }
}

export function isReport(call: WriterCall): call is Extract<WriterCall, { readonly name: 'takeReport' }> {
  return call.name === 'takeReport';
}
