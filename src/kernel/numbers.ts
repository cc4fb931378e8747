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

  /** Makes room for rows up to a number, and for a few more. */
  reserve(row: number): void {
    if (row >= this.values.length) this.#widen(row + 1024);
  }

  #widen(length: number): void {
    const wider = new Uint32Array(length);
    wider.set(this.values);
    this.values = wider;
  }
}

export function u32(): Numbers {
  return new Numbers();
}
