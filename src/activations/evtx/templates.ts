import { Cursor } from './cursor.ts';
import { type Element, type Elements, strange, TOKEN, tokenOf } from './elements.ts';
import { Unreadable } from './steps.ts';

/** Before a template: the offset of another one, and a GUID. */
const BEFORE = 20;
const FRAGMENT = 4;

/** The templates in a chunk: each is where it was used first, and is parsed once. */
export class Templates {
  readonly #bytes: Buffer;
  readonly #elements: Elements;
  readonly #known = new Map<number, Element | Unreadable>();

  constructor(bytes: Buffer, elements: Elements) {
    this.#bytes = bytes;
    this.#elements = elements;
  }

  /** The template whose offset is read next; where it is right behind its offset, it is passed over. */
  next(cursor: Cursor): Element {
    const offset = cursor.u32();
    if (offset === cursor.at) {
      cursor.skip(BEFORE);
      cursor.skip(cursor.u32());
    }
    const known = this.#known.get(offset) ?? this.#parse(offset);
    this.#known.set(offset, known);
    if (known instanceof Unreadable) throw known;
    return known;
  }

  #parse(offset: number): Element | Unreadable {
    try {
      const head = new Cursor(this.#bytes, offset, this.#bytes.length);
      head.skip(BEFORE);
      const cursor = head.inner(head.u32());
      while (tokenOf(cursor.peek()) === TOKEN.fragment) cursor.skip(FRAGMENT);
      if (cursor.isAtEnd) return new Unreadable('its template is missing');
      if (tokenOf(cursor.peek()) !== TOKEN.open) throw strange(cursor.peek());
      return this.#elements.element(cursor, true);
    } catch (error) {
      if (error instanceof Unreadable) return new Unreadable(`its template cannot be read: ${error.message}`);
      throw error;
    }
  }
}
