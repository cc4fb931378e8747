import { Cursor } from './cursor.ts';
import {
  type Attribute,
  type Content,
  type Element,
  Elements,
  MAX_DEPTH,
  strange,
  TOKEN,
  tokenOf,
} from './elements.ts';
import { Names } from './names.ts';
import { type Steps, Unreadable } from './steps.ts';
import { Templates } from './templates.ts';
import { BINXML, isList, items, NULL, type Value, valueText } from './value-text.ts';

/** Takes the elements of an event as they come. */
export interface EventSink {
  /** @returns whether its attributes and text are wanted; elements in it come in any case */
  open(name: string): boolean;
  attribute(name: string, text: string): void;
  text(text: string): void;
  close(): void;
}

const FRAGMENT = 4;
const NO_VALUES: readonly Value[] = [];
const NOTHING: Value = { type: NULL, start: 0, end: 0 };

/** The binary XML of a chunk (MS-EVEN6 2.2.12): documents with the values of their templates put in. */
export class BinaryXml {
  readonly #bytes: Buffer;
  readonly #steps: Steps;
  readonly #elements: Elements;
  readonly #templates: Templates;

  constructor(bytes: Buffer, steps: Steps) {
    this.#bytes = bytes;
    this.#steps = steps;
    this.#elements = new Elements(new Names(bytes, steps), steps);
    this.#templates = new Templates(bytes, this.#elements);
  }

  /**
   * Gives the elements of the document in a stretch of the chunk.
   * @throws {Unreadable} at the first thing in it that is not as it should be
   */
  document(start: number, end: number, sink: EventSink, depth = 0): void {
    const cursor = new Cursor(this.#bytes, start, end);
    while (!cursor.isAtEnd) {
      this.#steps.take(1);
      switch (tokenOf(cursor.peek())) {
        case TOKEN.end:
          return;
        case TOKEN.fragment:
          cursor.skip(FRAGMENT);
          break;
        case TOKEN.instance:
          this.#instance(cursor, sink, depth);
          break;
        case TOKEN.open:
          this.#emit(this.#elements.element(cursor, isDependent(cursor)), NO_VALUES, sink, depth);
          break;
        case TOKEN.instructionTarget:
        case TOKEN.instructionData:
          this.#elements.instruction(cursor);
          break;
        default:
          throw strange(cursor.peek());
      }
    }
  }

  #instance(cursor: Cursor, sink: EventSink, depth: number): void {
    // The token, a version, and the first part of the GUID of the template.
    cursor.skip(6);
    const template = this.#templates.next(cursor);
    this.#emit(template, this.#values(cursor), sink, depth);
  }

  /** First the length and the type of each, then all of them. */
  #values(cursor: Cursor): readonly Value[] {
    const count = cursor.u32();
    const kinds = cursor.inner(4 * count);
    this.#steps.take(count);
    const values: Value[] = [];
    while (!kinds.isAtEnd) {
      const length = kinds.u16();
      const type = kinds.u8();
      kinds.skip(1);
      const start = cursor.skip(length);
      values.push({ type, start, end: start + length });
    }
    return values;
  }

  #emit(element: Element, values: readonly Value[], sink: EventSink, depth: number): void {
    if (depth > MAX_DEPTH) throw new Unreadable('its elements are nested too deeply');
    if (isLeftOut(element, values)) return;
    const list = listIn(element.content, values);
    if (list === undefined || list.start === list.end) {
      this.#emitOne(element, values, sink, depth, NOTHING);
      return;
    }
    this.#steps.take(list.end - list.start);
    // An element with a list in it is there once for each value of the list.
    for (const item of items(this.#bytes, list)) this.#emitOne(element, values, sink, depth, item);
  }

  /** @param item what replaces a list */
  #emitOne(element: Element, values: readonly Value[], sink: EventSink, depth: number, item: Value): void {
    this.#steps.take(1 + element.attributes.length + element.content.length);
    const isWanted = sink.open(element.name);
    if (isWanted) for (const attribute of element.attributes) this.#attribute(attribute, values, sink);
    for (const content of element.content) {
      if (typeof content === 'string') this.#literal(content, isWanted, sink);
      else if ('name' in content) this.#emit(content, values, sink, depth + 1);
      else {
        const value = values[content.value] ?? NOTHING;
        this.#value(isList(value) ? item : value, isWanted, sink, depth);
      }
    }
    sink.close();
  }

  #value(value: Value, isWanted: boolean, sink: EventSink, depth: number): void {
    if (value.type === BINXML) this.document(value.start, value.end, sink, depth + 1);
    else if (isWanted) sink.text(this.#text(value));
  }

  /** An attribute without a value is left out. */
  #attribute({ name, content }: Attribute, values: readonly Value[], sink: EventSink): void {
    let text = '';
    for (const piece of content) {
      if (typeof piece === 'string') {
        this.#steps.take(piece.length);
        text += piece;
      } else if ('value' in piece) text += this.#text(values[piece.value] ?? NOTHING);
    }
    if (text !== '' || content.length === 0) sink.attribute(name, text);
  }

  #text(value: Value): string {
    this.#steps.take(1 + value.end - value.start);
    return valueText(this.#bytes, value);
  }

  #literal(text: string, isWanted: boolean, sink: EventSink): void {
    if (!isWanted) return;
    this.#steps.take(text.length);
    sink.text(text);
  }
}

function isLeftOut({ content }: Element, values: readonly Value[]): boolean {
  const [only] = content;
  if (content.length !== 1 || only === undefined || typeof only === 'string' || 'name' in only) return false;
  return only.isOptional && (values[only.value] ?? NOTHING).type === NULL;
}

function listIn(content: readonly Content[], values: readonly Value[]): Value | undefined {
  for (const piece of content) {
    if (typeof piece === 'string' || 'name' in piece) continue;
    const value = values[piece.value];
    if (value !== undefined && isList(value)) return value;
  }
  return undefined;
}

/**
 * Whether the element that begins here says what it depends on. Outside of templates there are both kinds: without, as
 * MS-EVEN6 has it, the length is next and leads to the end of the element.
 */
function isDependent(cursor: Cursor): boolean {
  const { bytes, at, end } = cursor;
  if (end - at < 11) return false;
  const length = bytes.readUInt32LE(at + 1);
  const name = bytes.readUInt32LE(at + 5);
  return length > end - at - 5 || name > bytes.length;
}
