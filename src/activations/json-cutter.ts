import { CUT_OFF, type Cutter, type Emit, tooLong } from './cutter.ts';
import { NO_OBJECT, parseObject, pieceOf } from './json-piece.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const NEWLINE = 0x0a;

/** Between records: white space, commas, a byte-order mark, and the separators of RFC 7464 and of GELF over TCP. */
const BETWEEN = /[^\s,\ufeff\p{Cc}]/gu;
/** What is no value lasts as long as its line, or as its place in an array. */
const JUNK_END = { lines: /[\n{]/g, array: /[\n{,\]]/g } as const;
/** What matters in a string, or in an array inside of another. */
const VALUE_MARK = /["\\\n{[\]]/g;
const EXPECTS_VALUE = /[[,:]\s*$/;

/** What may follow a record in its line: a comma and a carriage return. */
const MAX_LINE_TAIL = 2;

/** `wrapped`: the array in `{"value":[...],"Count":n}`, as Windows PowerShell writes some collections; from its bracket on. */
export type JsonShape = 'lines' | 'array' | 'wrapped';

type State = 'between' | 'junk' | 'value' | 'record' | 'overlong' | 'tail';

/**
 * Cuts JSON into the objects of its outermost level: those of an array, of NDJSON, one alone or several one after the
 * other, pretty-printed or not. Anything else in the place of an object is one problem, so that the number of
 * pieces is the index of the next. Knows only braces, brackets and strings: whether an object is sound is for JSON.parse.
 *
 * Broken records do not take others with them: a brace at the start of a line begins a new record. A pretty-printer
 * without indentation puts one there for an inner object too, so in an array only where no value was to follow.
 */
export class JsonCutter implements Cutter {
  readonly #limit: number;
  readonly #shape: JsonShape;
  readonly #inArray: boolean;
  /** Between the brackets of the outermost array. */
  #isOpen = false;
  #text = '';
  /** How far the text was looked at; one beyond its end after a backslash. */
  #at = 0;
  #start = 0;
  #state: State = 'between';
  #depth = 0;
  #inString = false;
  /** The end of the last line that was tried as a whole. */
  #lineTried = -1;

  constructor(limit: number, shape: JsonShape) {
    this.#limit = limit;
    this.#shape = shape;
    this.#inArray = shape !== 'lines';
  }

  push(text: string, emit: Emit): void {
    this.#text += text;
    while (this.#step(emit));
    if (this.#state === 'record' && this.#at - this.#start > this.#limit) {
      emit(tooLong(this.#limit));
      this.#state = 'overlong';
    }
    // The character before stays, to see whether a brace begins a line.
    const keep = this.#state === 'record' ? this.#start : Math.max(0, Math.min(this.#at, this.#text.length) - 1);
    this.#text = this.#text.slice(keep);
    this.#at -= keep;
    this.#lineTried -= keep;
    this.#start = 0;
  }

  end(emit: Emit): void {
    if (this.#state === 'record') emit({ problem: CUT_OFF });
    if (this.#state === 'junk' || this.#state === 'value') emit(NO_OBJECT);
    this.#text = '';
  }

  /** @returns false when it needs more text */
  #step(emit: Emit): boolean {
    if (this.#state === 'between') return this.#findStart(emit);
    if (this.#state === 'junk') return this.#passJunk(emit);
    if (this.#state === 'value') return this.#passValue(emit);
    if (this.#state === 'tail') return this.#passTail();
    return this.#findEnd(emit);
  }

  #findStart(emit: Emit): boolean {
    BETWEEN.lastIndex = this.#at;
    const found = BETWEEN.exec(this.#text);
    this.#at = found?.index ?? this.#text.length;
    if (found === null) return false;
    switch (found[0]) {
      case '{':
        if (!this.#cutLine(emit)) this.#begin(this.#at);
        return true;
      case '"':
        return this.#beginValue(0);
      case '[':
        if (!this.#inArray || this.#isOpen) return this.#beginValue(1);
        return this.#passBracket(true);
      case ']':
        return this.#passBracket(false);
      default:
        this.#state = 'junk';
        return true;
    }
  }

  #passBracket(opens: boolean): true {
    this.#at++;
    if (!opens && this.#isOpen && this.#shape === 'wrapped') this.#state = 'tail';
    this.#isOpen = opens;
    return true;
  }

  /** A string, or an array inside of another. */
  #beginValue(depth: number): true {
    this.#state = 'value';
    this.#depth = depth;
    this.#inString = depth === 0;
    this.#at++;
    return true;
  }

  /**
   * Takes a record that fills its line, as most do: finding the end of a line and parsing is several times faster than
   * looking at every character. Tried once for each line.
   */
  #cutLine(emit: Emit): boolean {
    if (this.#at <= this.#lineTried) return false;
    const newline = this.#text.indexOf('\n', this.#at);
    this.#lineTried = newline === -1 ? this.#text.length : newline;
    const end = this.#text.lastIndexOf('}', newline) + 1;
    if (newline === -1 || newline - end > MAX_LINE_TAIL || newline - this.#at > this.#limit) return false;
    const record = parseObject(this.#text.slice(this.#at, end));
    if (record === undefined) return false;
    emit({ record });
    this.#at = end;
    return true;
  }

  #passJunk(emit: Emit): boolean {
    const end = this.#inArray ? JUNK_END.array : JUNK_END.lines;
    end.lastIndex = this.#at;
    const found = end.exec(this.#text);
    this.#at = found?.index ?? this.#text.length;
    if (found === null) return false;
    emit(NO_OBJECT);
    this.#state = 'between';
    return true;
  }

  #passValue(emit: Emit): boolean {
    for (;;) {
      VALUE_MARK.lastIndex = this.#at;
      const found = VALUE_MARK.exec(this.#text);
      this.#at = found?.index ?? Math.max(this.#at, this.#text.length);
      if (found === null) return false;
      if (this.#breaksValue(found[0])) return this.#endValue(emit, this.#at);
      this.#passMark(found[0]);
      if (!this.#inString && this.#depth <= 0) return this.#endValue(emit, this.#at);
    }
  }

  /** A sound string has no line breaks (RFC 8259 7). */
  #breaksValue(mark: string): boolean {
    return mark === '\n' ? this.#inString : mark === '{' && this.#restartsAt(this.#at);
  }

  #passMark(mark: string): void {
    this.#at += mark === '\\' ? 2 : 1;
    if (mark === '"') this.#inString = !this.#inString;
    else if (!this.#inString && mark === '[') this.#depth++;
    else if (!this.#inString && mark === ']') this.#depth--;
  }

  /** In lines, the rest of its line belongs to it. */
  #endValue(emit: Emit, end: number): true {
    this.#at = end;
    this.#state = this.#inArray ? 'between' : 'junk';
    if (this.#inArray) emit(NO_OBJECT);
    return true;
  }

  /** `,"Count":n}` */
  #passTail(): boolean {
    const end = this.#text.indexOf('}', this.#at);
    this.#at = end === -1 ? this.#text.length : end + 1;
    if (end !== -1) this.#state = 'between';
    return end !== -1;
  }

  #begin(start: number): void {
    this.#start = start;
    this.#at = start + 1;
    this.#state = 'record';
    this.#depth = 1;
    this.#inString = false;
  }

  /** The one loop over every character, so its state is in variables. */
  #findEnd(emit: Emit): boolean {
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
          if (this.#restartsAt(at)) return this.#restart(at, emit);
          if (!inString) depth++;
          break;
        case CLOSE:
          if (!inString) depth--;
          if (depth === 0) return this.#finish(at + 1, emit);
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

  #finish(end: number, emit: Emit): boolean {
    if (this.#state === 'record') {
      const long = end - this.#start > this.#limit;
      emit(long ? tooLong(this.#limit) : pieceOf(this.#text.slice(this.#start, end)));
    }
    this.#at = end;
    this.#state = 'between';
    return true;
  }

  #restart(start: number, emit: Emit): boolean {
    if (this.#state === 'record') emit({ problem: CUT_OFF });
    this.#begin(start);
    return true;
  }
}
