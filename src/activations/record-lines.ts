import type { Cutter, Emit } from './cutter.ts';
import { JsonCutter } from './json-cutter.ts';
import { XmlCutter } from './xml-cutter.ts';

const FIRST = 'Record ';
const LINE = /^Record \d+\r?\n/gm;

/** Whether a stream begins as evtx_dump does: with a line before each record that counts it. */
export function hasRecordLines(start: string): boolean {
  return /^Record \d{1,20}\r?\n/.test(start);
}

/** Whether more text could make it such a beginning. */
export function mayHaveRecordLines(start: string): boolean {
  return FIRST.startsWith(start.slice(0, FIRST.length)) && start.length < 64 && !start.includes('\n');
}

/** Takes the lines that count records out, and gives what is between them to the cutter for it. */
export class RecordLines implements Cutter {
  readonly #limit: number;
  #inner: Cutter | undefined;
  /** A line that has no end yet. */
  #rest = '';

  /** @param limit characters that a record may have */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(text: string, emit: Emit): void {
    const all = this.#rest + text;
    const end = all.length > this.#limit ? all.length : all.lastIndexOf('\n') + 1;
    this.#rest = all.slice(end);
    this.#pass(all.slice(0, end), emit);
  }

  end(emit: Emit): void {
    this.#pass(this.#rest, emit);
    this.#inner?.end(emit);
  }

  #pass(text: string, emit: Emit): void {
    const between = text.replace(LINE, '');
    if (this.#inner === undefined && between.trim() === '') return;
    this.#inner ??= between.trimStart().startsWith('<')
      ? new XmlCutter(this.#limit)
      : new JsonCutter(this.#limit, 'lines');
    this.#inner.push(between, emit);
  }
}
