import { Cursor } from './cursor.ts';
import { type Steps, Unreadable } from './steps.ts';

/** Before the characters of a name: the offset of another one, a hash, and how many characters there are. */
const BEFORE = 8;
const NUL = 2;

/** The names in a chunk: each is where it was used first, and everybody else has its offset. */
export class Names {
  readonly #bytes: Buffer;
  readonly #steps: Steps;
  readonly #known = new Map<number, string>();

  constructor(bytes: Buffer, steps: Steps) {
    this.#bytes = bytes;
    this.#steps = steps;
  }

  /** The name whose offset is read next; where it is right behind its offset, it is passed over. */
  next(cursor: Cursor): string {
    const offset = cursor.u32();
    const name = this.#at(offset);
    if (offset === cursor.at) cursor.skip(BEFORE + 2 * name.length + NUL);
    return name;
  }

  #at(offset: number): string {
    const known = this.#known.get(offset);
    if (known !== undefined) return known;
    const cursor = new Cursor(this.#bytes, offset, this.#bytes.length);
    cursor.skip(BEFORE - 2);
    const length = cursor.u16();
    if (length === 0) throw new Unreadable('a name is missing');
    this.#steps.take(1 + length);
    const name = cursor.text(length);
    this.#known.set(offset, name);
    return name;
  }
}
