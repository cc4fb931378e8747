import { CUT_OFF, type Cutter, type Emit, tooLong } from './cutter.ts';
import { quoted, type RefusedForm, refusalOf, WEVTUTIL } from './refusals/refused-form.ts';

/** The start tag of an event, with a namespace prefix or without; not that of `EventData` or `Events`. */
const START = /<((?:[A-Za-z_][\w.-]{0,63}:)?Event)(?=[\s>])/g;
const ROOT = /<(?:[A-Za-z_][\w.-]{0,63}:)?(?:Events|Items)[\s/>]/;
const ORPHAN = /<\/(?:[A-Za-z_][\w.-]{0,63}:)?Event>|<System[\s>]/;

/** Longer than the start tag of any event up to its name, so that one cut in two is found. */
const MAX_TAG = 128;

/**
 * Cuts XML into its `Event` elements (as text: see forms/event-xml.ts), whatever is around them: a root, an envelope or nothing. Events do not nest,
 * so a second start before an end shows that the first one is broken.
 */
export class XmlCutter implements Cutter {
  readonly #limit: number;
  #text = '';
  /** The name of the event that has begun at the start of the text; undefined between events. */
  #name: string | undefined;
  /** From where in the text its end has to be looked for. */
  #from = 0;
  /** Whether anything was found that events can be in, or be. */
  #seen = false;
  /** Whether what is wrong between two events was reported already: it may come in pieces. */
  #told = false;

  readonly #root: string | undefined;

  /** @param root the name of the first element, for people */
  constructor(limit: number, root?: string) {
    this.#limit = limit;
    this.#root = root;
  }

  push(text: string, emit: Emit): void {
    this.#text += text;
    while (this.#name === undefined ? this.#findStart(emit) : this.#findEnd(this.#name, emit));
  }

  end(emit: Emit): void {
    if (this.#name !== undefined) emit({ problem: CUT_OFF });
    else this.#passGap(this.#text, emit);
    if (!this.#seen) emit({ problem: refusalOf(withoutEvent(this.#root)), ofForm: true });
    this.#text = '';
  }

  #findStart(emit: Emit): boolean {
    START.lastIndex = 0;
    const found = START.exec(this.#text);
    const end = found?.index ?? this.#openTag();
    this.#passGap(this.#text.slice(0, end), emit);
    this.#text = this.#text.slice(end);
    if (found === null) return false;
    this.#begin(found[1]);
    return true;
  }

  #begin(name: string | undefined): void {
    this.#name = name;
    this.#from = 0;
    this.#seen = true;
    this.#told = false;
  }

  /** Where a tag begins that is not complete yet. */
  #openTag(): number {
    const last = this.#text.lastIndexOf('<');
    return last === -1 || this.#text.length - last > MAX_TAG ? this.#text.length : last;
  }

  #findEnd(name: string, emit: Emit): boolean {
    const endTag = `</${name}>`;
    const index = this.#text.indexOf(endTag, this.#from);
    if (index === -1) return this.#waitForEnd(endTag, emit);
    const end = index + endTag.length;
    const again = this.#secondStart(end);
    if (again !== undefined) return this.#restart(again, emit);
    emit(end > this.#limit ? tooLong(this.#limit) : { record: { Event: this.#text.slice(0, end) } });
    this.#text = this.#text.slice(end);
    this.#name = undefined;
    return true;
  }

  #waitForEnd(endTag: string, emit: Emit): boolean {
    const again = this.#secondStart(this.#text.length);
    if (again !== undefined) return this.#restart(again, emit);
    this.#from = Math.max(0, this.#text.length - Math.max(endTag.length, MAX_TAG));
    if (this.#text.length <= this.#limit) return false;
    emit(tooLong(this.#limit));
    this.#text = this.#text.slice(this.#from);
    this.#name = undefined;
    this.#told = true;
    return true;
  }

  #secondStart(end: number): RegExpExecArray | undefined {
    // The first of them was found already: it is at 0.
    START.lastIndex = Math.max(1, this.#from);
    const found = START.exec(this.#text);
    return found !== null && found.index < end ? found : undefined;
  }

  #restart(found: RegExpExecArray, emit: Emit): boolean {
    emit({ problem: CUT_OFF });
    this.#text = this.#text.slice(found.index);
    this.#begin(found[1]);
    return true;
  }

  #passGap(gap: string, emit: Emit): void {
    const problem = problemOf(gap);
    if (problem !== undefined || ROOT.test(gap)) this.#seen = true;
    if (problem === undefined || this.#told) return;
    this.#told = true;
    emit({ problem });
  }
}

function withoutEvent(root: string | undefined): RefusedForm {
  return {
    name: root === undefined ? 'XML' : `XML with the root ${quoted(root)}`,
    lacks: 'it has no <Event> element',
    remedy: `run ${WEVTUTIL} on the host`,
  };
}

/**
 * An event in UTF-16 amid UTF-8, as `>>` of Windows PowerShell 5.1 appends it to a file; and one in UTF-8 amid UTF-16,
 * where two letters have become one character: `<Event`, with the first of a pair at an even or odd place.
 */
const OTHER_ENCODING = /<\0E\0v\0e\0n\0t|\u453c\u6576\u746e|\u7645\u6e65/;

/** An object of JSON, or the text of wevtutil. */
const OTHER_FORM = /^\[?\s*\{\s*"|^\p{L}{1,20}\[\d{1,9}\]:?\s*\n/u;

/** Whether the events and the end of their root are followed by something that is no XML and was joined to it. */
function hasOtherForm(gap: string): boolean {
  return OTHER_FORM.test(
    gap
      .trimStart()
      .replace(/^<\/[\w.:-]{1,64}>/, '')
      .trimStart(),
  );
}

function problemOf(gap: string): string | undefined {
  if (hasOtherForm(gap)) return 'text in another form was appended to event XML: import each file by itself';
  if (OTHER_ENCODING.test(gap)) {
    return 'text in another encoding was appended to it (UTF-16 to UTF-8, or the other way round): import each file by itself';
  }
  if (gap.includes('<!DOCTYPE')) return 'a document type definition is not allowed';
  return ORPHAN.test(gap) ? 'the record has no start' : undefined;
}
