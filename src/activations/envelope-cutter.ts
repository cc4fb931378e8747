import type { Cutter, Emit } from './cutter.ts';
import { isFields } from './fields.ts';
import { JsonCutter } from './json-cutter.ts';

/**
 * Cuts a stream of long objects, each of which fills its line or all of the stream: finding the end of a line and
 * parsing is several times faster than looking at every character. From the first one on that does neither, it leaves
 * the stream to `JsonCutter`.
 */
export class EnvelopeCutter implements Cutter {
  readonly #limit: number;
  #pieces: string[] = [];
  #length = 0;
  #slow: JsonCutter | undefined;

  /** @param limit characters that an object may have */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(text: string, emit: Emit): void {
    let rest = text;
    while (this.#slow === undefined && rest !== '') {
      const newline = rest.indexOf('\n');
      const end = newline === -1 ? rest.length : newline + 1;
      this.#pieces.push(rest.slice(0, end));
      this.#length += end;
      rest = rest.slice(end);
      if (newline !== -1 || this.#length > this.#limit) this.#takeLine(emit);
    }
    if (rest !== '') this.#slow?.push(rest, emit);
  }

  end(emit: Emit): void {
    if (this.#slow === undefined) this.#takeLine(emit);
    this.#slow?.end(emit);
  }

  #takeLine(emit: Emit): void {
    const line = this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    if (line.trim() === '') return;
    const record = line.length > this.#limit ? undefined : parsed(line);
    if (isFields(record)) {
      emit({ record });
      return;
    }
    this.#slow = new JsonCutter(this.#limit, 'lines');
    this.#slow.push(line, emit);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
