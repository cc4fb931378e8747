/** A column that grows: numbers by row number, 0 where nothing was put. */
export class Numbers<T extends Uint32Array | Uint16Array | Uint8Array = Uint32Array> {
  values: T;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.values = make(1024);
  }

  get(row: number): number {
    return this.values[row] ?? 0;
  }

  put(row: number, value: number): void {
    if (row >= this.values.length) this.#grow(row);
    this.values[row] = value;
  }

  /** Makes room for rows up to a number, and for a few more. */
  reserve(row: number): void {
    if (row >= this.values.length) this.#widen(row + 1024);
  }

  #grow(row: number): void {
    this.#widen(Math.ceil((row + 1) * 1.25));
  }

  #widen(length: number): void {
    const wider = this.#make(length);
    wider.set(this.values);
    this.values = wider;
  }
}

export function u32(): Numbers {
  return new Numbers((length) => new Uint32Array(length));
}

export function u16(): Numbers<Uint16Array> {
  return new Numbers((length) => new Uint16Array(length));
}
