import type { Cursor } from './cursor.ts';
import type { Names } from './names.ts';
import { type Steps, Unreadable } from './steps.ts';

/** An element of an event or of a template. */
export interface Element {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly content: readonly Content[];
}

export interface Attribute {
  readonly name: string;
  readonly content: readonly Content[];
}

/** Text, an element, or the place of a value in a template. */
export type Content = string | Element | Substitution;

export interface Substitution {
  /** Which value of the instance belongs here, from 0 up. */
  readonly value: number;
  /** Without a value, the element or attribute that has nothing else in it is not there either. */
  readonly isOptional: boolean;
}

/** Set in a token that has something after it which it could also be without: attributes, more text. */
const MORE = 0x40;

/** Tokens of MS-EVEN6 2.2.12. */
export const TOKEN = {
  end: 0x00,
  open: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  close: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  character: 0x08,
  entity: 0x09,
  instructionTarget: 0x0a,
  instructionData: 0x0b,
  instance: 0x0c,
  substitution: 0x0d,
  optionalSubstitution: 0x0e,
  fragment: 0x0f,
} as const;

const STRING = 0x01;

/** Deeper than any event is. */
export const MAX_DEPTH = 32;

/** What parsing an element or a text costs, in steps: its memory is kept until the chunk is done with. */
const COST = 4;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function tokenOf(octet: number | undefined): number | undefined {
  return octet === undefined ? undefined : octet & ~MORE;
}

/** Parses elements out of their tokens; the caller puts in the values. */
export class Elements {
  readonly #names: Names;
  readonly #steps: Steps;

  constructor(names: Names, steps: Steps) {
    this.#names = names;
    this.#steps = steps;
  }

  /**
   * Parses the element that begins here.
   * @param isDependent whether it says which value of the instance it depends on, as elements of templates do
   * @throws {Unreadable}
   */
  element(cursor: Cursor, isDependent: boolean, depth = 0): Element {
    if (depth > MAX_DEPTH) throw new Unreadable('its elements are nested too deeply');
    this.#steps.take(COST);
    const hasAttributes = (cursor.u8() & MORE) !== 0;
    if (isDependent) cursor.skip(2);
    const inner = cursor.inner(cursor.u32());
    const name = this.#names.next(inner);
    const attributes = hasAttributes ? this.#attributes(inner.inner(inner.u32())) : [];
    const token = inner.u8();
    if (token === TOKEN.closeEmpty) return { name, attributes, content: [] };
    if (token !== TOKEN.closeStart) throw strange(token);
    const content: Content[] = [];
    while (tokenOf(inner.peek()) !== TOKEN.close) {
      const isElement = tokenOf(inner.peek()) === TOKEN.open;
      content.push(isElement ? this.element(inner, isDependent, depth + 1) : this.#content(inner));
    }
    return { name, attributes, content };
  }

  /** Passes over an instruction: a document may have one before and after its element. */
  instruction(cursor: Cursor): void {
    this.#content(cursor);
  }

  #attributes(cursor: Cursor): readonly Attribute[] {
    const attributes: Attribute[] = [];
    while (!cursor.isAtEnd) {
      this.#steps.take(COST);
      const token = cursor.u8();
      if (tokenOf(token) !== TOKEN.attribute) throw strange(token);
      const name = this.#names.next(cursor);
      const content: Content[] = [];
      while (!cursor.isAtEnd && tokenOf(cursor.peek()) !== TOKEN.attribute) content.push(this.#content(cursor));
      attributes.push({ name, content });
    }
    return attributes;
  }

  #content(cursor: Cursor): Content {
    this.#steps.take(COST);
    const token = cursor.u8();
    switch (tokenOf(token)) {
      case TOKEN.value: {
        const type = cursor.u8();
        if (type !== STRING) throw new Unreadable(`a text is of type ${type}`);
        return this.#text(cursor);
      }
      case TOKEN.cdata:
        return this.#text(cursor);
      case TOKEN.character:
        return String.fromCharCode(cursor.u16());
      case TOKEN.entity: {
        const name = this.#names.next(cursor);
        return ENTITIES[name] ?? `&${name};`;
      }
      case TOKEN.substitution:
      case TOKEN.optionalSubstitution: {
        const value = cursor.u16();
        // The type is that of the value itself.
        cursor.skip(1);
        return { value, isOptional: tokenOf(token) === TOKEN.optionalSubstitution };
      }
      case TOKEN.instructionTarget:
        this.#names.next(cursor);
        return '';
      case TOKEN.instructionData:
        this.#text(cursor);
        return '';
      default:
        throw strange(token);
    }
  }

  #text(cursor: Cursor): string {
    const length = cursor.u16();
    this.#steps.take(length);
    return cursor.text(length);
  }
}

export function strange(token: number | undefined): Unreadable {
  return new Unreadable(
    token === undefined ? 'it ends too early' : `a token 0x${token.toString(16)} does not belong there`,
  );
}
