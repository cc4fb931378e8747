import { CUT_OFF, type Cutter, type Piece, type Take, tooLong } from './cutter.ts';
import { type Fields, isFields } from './fields.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const NEWLINE = 0x0a;

/** Between records: white space, what separates and encloses the elements of an array, and a byte-order mark. */
const BETWEEN = /[^\s,[\]\ufeff]/g;
const JUNK_END = /[\n{]/g;
const EXPECTS_VALUE = /[[,:]\s*$/;

/** What may follow a record in its line: a comma and a carriage return. */
const MAX_LINE_TAIL = 2;

type State = 'between' | 'junk' | 'record' | 'overlong';

/**
 * Cuts JSON into the objects of its outermost level: those of an array, of NDJSON, one alone or several one after the
 * other, pretty-printed or not. Knows only braces and strings: whether an object is sound is for JSON.parse.
 *
 * Broken records do not take others with them: a brace at the start of a line begins a new record. A pretty-printer
 * without indentation puts one there for an inner object too, so in an array only where no value was to follow.
 */
export class JsonCutter implements Cutter {
  readonly #limit: number;
  readonly #inArray: boolean;
  #text = '';
  /** How far the text was looked at; one beyond its end after a backslash. */
  #at = 0;
  #start = 0;
  #state: State = 'between';
  #depth = 0;
  #inString = false;
  /** The end of the last line that was tried as a whole. */
  #lineTried = -1;

  constructor(limit: number, inArray: boolean) {
    this.#limit = limit;
    this.#inArray = inArray;
  }

  push(text: string, take: Take): void {
    this.#text += text;
    while (this.#step(take));
    if (this.#state === 'record' && this.#at - this.#start > this.#limit) {
      take(tooLong(this.#limit));
      this.#state = 'overlong';
    }
    // The character before stays, to see whether a brace begins a line.
    const keep = this.#state === 'record' ? this.#start : Math.max(0, Math.min(this.#at, this.#text.length) - 1);
    this.#text = this.#text.slice(keep);
    this.#at -= keep;
    this.#lineTried -= keep;
    this.#start = 0;
  }

  end(take: Take): void {
    if (this.#state === 'record') take({ problem: CUT_OFF });
    if (this.#state === 'junk') take({ problem: 'it is not a JSON object' });
    this.#text = '';
  }

  /** @returns false when it needs more text */
  #step(take: Take): boolean {
    if (this.#state === 'between') return this.#findStart(take);
    if (this.#state === 'junk') return this.#passJunk(take);
    return this.#findEnd(take);
  }

  #findStart(take: Take): boolean {
    BETWEEN.lastIndex = this.#at;
    const found = BETWEEN.exec(this.#text);
    this.#at = found?.index ?? this.#text.length;
    if (found === null) return false;
    if (found[0] !== '{') this.#state = 'junk';
    else if (!this.#takeLine(take)) this.#begin(this.#at);
    return true;
  }

  /**
   * Takes a record that fills its line, as most do: finding the end of a line and parsing is several times faster than
   * looking at every character. Tried once for each line.
   */
  #takeLine(take: Take): boolean {
    if (this.#at <= this.#lineTried) return false;
    const newline = this.#text.indexOf('\n', this.#at);
    this.#lineTried = newline === -1 ? this.#text.length : newline;
    const end = this.#text.lastIndexOf('}', newline) + 1;
    if (newline === -1 || newline - end > MAX_LINE_TAIL || newline - this.#at > this.#limit) return false;
    const record = parseObject(this.#text.slice(this.#at, end));
    if (record === undefined) return false;
    take({ record });
    this.#at = end;
    return true;
  }

  #passJunk(take: Take): boolean {
    JUNK_END.lastIndex = this.#at;
    const found = JUNK_END.exec(this.#text);
    this.#at = found?.index ?? this.#text.length;
    if (found === null) return false;
    take({ problem: 'it is not a JSON object' });
    this.#state = 'between';
    return true;
  }

  #begin(start: number): void {
    this.#start = start;
    this.#at = start + 1;
    this.#state = 'record';
    this.#depth = 1;
    this.#inString = false;
  }

  /** The one loop over every character, so its state is in variables. */
  #findEnd(take: Take): boolean {
    const text = this.#text;
    let depth = this.#depth;
    let inString = this.#inString;
    let at = this.#at;
    for (; at < text.length; at++) {
      switch (text.charCodeAt(at)) {
        case QUOTE:
          inString = !inString;
          break;
        case BACKSLASH:
          at++;
          break;
        case OPEN:
          if (this.#restartsAt(at)) return this.#restart(at, take);
          if (!inString) depth++;
          break;
        case CLOSE:
          if (!inString) depth--;
          if (depth === 0) return this.#finish(at + 1, take);
      }
    }
    this.#depth = depth;
    this.#inString = inString;
    this.#at = at;
    return false;
  }

  /** In a string too: a sound one has no line breaks (RFC 8259 7). */
  #restartsAt(at: number): boolean {
    if (this.#text.charCodeAt(at - 1) !== NEWLINE) return false;
    return !(this.#inArray && EXPECTS_VALUE.test(this.#text.slice(Math.max(this.#start, at - 80), at)));
  }

  #finish(end: number, take: Take): boolean {
    if (this.#state === 'record') {
      const long = end - this.#start > this.#limit;
      take(long ? tooLong(this.#limit) : pieceOf(this.#text.slice(this.#start, end)));
    }
    this.#at = end;
    this.#state = 'between';
    return true;
  }

  #restart(start: number, take: Take): boolean {
    if (this.#state === 'record') take({ problem: CUT_OFF });
    this.#begin(start);
    return true;
  }
}

function pieceOf(text: string): Piece {
  const record = parseObject(text);
  return record === undefined ? { problem: 'it is not sound JSON' } : { record };
}

function parseObject(text: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isFields(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
