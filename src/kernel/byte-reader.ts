/** Thrown when bytes end before what should be in them; the only error that a `ByteReader` throws. */
export class ShortInput extends Error {
  override readonly name = 'ShortInput';
}

/**
 * Reads integers and bytes in turn and never beyond the end.
 * The byte order is set by `littleEndian` and may be changed between two reads, as a DCE/RPC header needs.
 */
export class ByteReader {
  littleEndian: boolean;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array, littleEndian = false) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.littleEndian = littleEndian;
  }

  /** Bytes read or skipped so far. */
  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), this.littleEndian);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), this.littleEndian);
  }

  /** A view of the next bytes, not a copy. */
  take(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** Skips to the next multiple of `size`, counted from the start of the input. */
  align(size: number): void {
    const over = this.#offset % size;
    if (over !== 0) this.#take(size - over);
  }

  #take(length: number): number {
    const start = this.#offset;
    if (length < 0 || length > this.#bytes.length - start) {
      throw new ShortInput(`needs ${length} bytes at ${start}, has ${this.#bytes.length - start}`);
    }
    this.#offset = start + length;
    return start;
  }
}
