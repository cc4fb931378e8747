/**
 * A column that grows: numbers below 2^32 by row number, 0 where nothing was put. All columns have one kind of array, as
 * loops over them are fast only then.
 */
export class Numbers {
  values = new Uint32Array(1024);

  get(row: number): number {
    return this.values[row] ?? 0;
  }

  put(row: number, value: number): void {
    if (row >= this.values.length) this.#widen(Math.ceil((row + 1) * 1.25));
    this.values[row] = value;
  }

  /** Makes room for rows up to a number, and for an eighth more: room that nothing was put in takes no memory. */
  reserve(row: number): void {
    if (row >= this.values.length) this.#widen(Math.ceil((row + 1024) * 1.125));
  }

  /** Forgets all, and keeps the room. Where nothing was put, memory is not touched: so it takes none. */
  clear(): void {
    const { values } = this;
    for (let row = 0; row < values.length; row++) if (values[row] !== 0) values[row] = 0;
  }

  /** Forgets all, and gives the room back at once, not with the next collection of garbage. */
  free(): void {
    this.values.buffer.transfer(0);
    this.values = new Uint32Array(0);
  }

  #widen(length: number): void {
    const wider = new Uint32Array(length);
    wider.set(this.values);
    this.values = wider;
  }
}

/** Some bits of another column, which are a column of small numbers. */
export class Bits {
  readonly #of: Numbers;
  readonly #shift: number;
  readonly #mask: number;

  /** @param shift how many bits of the other are below @param count of bits */
  constructor(of: Numbers, shift: number, count: number) {
    this.#of = of;
    this.#shift = shift;
    this.#mask = (1 << count) - 1;
  }

  get(row: number): number {
    return (this.#of.get(row) >>> this.#shift) & this.#mask;
  }

  put(row: number, value: number): void {
    this.#of.put(row, (this.#of.get(row) & ~(this.#mask << this.#shift)) | (value << this.#shift));
  }
}

export function u32(): Numbers {
  return new Numbers();
}
