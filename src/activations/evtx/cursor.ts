import { Unreadable } from './steps.ts';

/** Reads a stretch of a chunk in turn, little end first and never beyond its end. Offsets are those in the chunk. */
export class Cursor {
  readonly bytes: Buffer;
  readonly end: number;
  #at: number;

  /** @throws {Unreadable} when the stretch is not within the octets */
  constructor(bytes: Buffer, at: number, end: number) {
    if (at > end || end > bytes.length) throw new Unreadable('an offset points outside its chunk');
    this.bytes = bytes;
    this.#at = at;
    this.end = end;
  }

  get at(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at === this.end;
  }

  /** The next octet, without taking it; undefined at the end. */
  peek(): number | undefined {
    return this.isAtEnd ? undefined : this.bytes[this.#at];
  }

  u8(): number {
    return this.bytes.readUInt8(this.skip(1));
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.skip(2));
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.skip(4));
  }

  /** Characters of UTF-16. */
  text(length: number): string {
    const start = this.skip(2 * length);
    return this.bytes.toString('utf16le', start, start + 2 * length);
  }

  /** @returns where what was skipped begins */
  skip(length: number): number {
    const start = this.#at;
    if (length > this.end - start)
      throw new Unreadable(`it needs ${length} bytes but only ${this.end - start} are left`);
    this.#at = start + length;
    return start;
  }

  /** A separate stretch within this one, which begins where this one is now. */
  inner(length: number): Cursor {
    const start = this.skip(length);
    return new Cursor(this.bytes, start, start + length);
  }
}
