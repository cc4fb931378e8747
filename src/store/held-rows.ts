import type { SQLOutputValue } from 'node:sqlite';
import type { Row } from './rows.ts';

/** Stand for what a cell cannot hold: null, and a value that is kept beside the cells. */
const NULL = 0xffff_ffff;
const BESIDE = 0xffff_fffe;

/** Rows in one piece of memory. */
const CHUNK = 4096;

/**
 * Rows by their number, in a third of the memory that arrays of values take, and none of it for the collector of garbage
 * to walk through: nearly all values of a lease are whole numbers below 2^32.
 */
export class HeldRows {
  readonly #width: number;
  readonly #slots = new Map<number, number>();
  readonly #chunks: Uint32Array[] = [];
  readonly #beside = new Map<number, Row[number]>();

  /** @param width values in a row */
  constructor(width: number) {
    this.#width = width;
  }

  get size(): number {
    return this.#slots.size;
  }

  keys(): Iterable<number> {
    return this.#slots.keys();
  }

  get(no: number): SQLOutputValue[] | undefined {
    const slot = this.#slots.get(no);
    if (slot === undefined) return undefined;
    const { cells, from } = this.#place(slot);
    const row: SQLOutputValue[] = new Array(this.#width);
    for (let column = 0; column < this.#width; column++) {
      const cell = cells[from + column] ?? NULL;
      row[column] =
        cell === NULL ? null : cell === BESIDE ? (this.#beside.get(slot * this.#width + column) ?? null) : cell;
    }
    return row;
  }

  put(no: number, row: Row): void {
    const slot = this.#slots.get(no) ?? this.#slots.size;
    this.#slots.set(no, slot);
    for (let column = 0; column < this.#width; column++) this.#set(slot, column, row[column] ?? null);
  }

  /** @returns false when the row is not here */
  setCell(no: number, column: number, value: number): boolean {
    const slot = this.#slots.get(no);
    if (slot !== undefined) this.#set(slot, column, value);
    return slot !== undefined;
  }

  /** The memory is kept for the rows to come. */
  clear(): void {
    this.#slots.clear();
    this.#beside.clear();
  }

  #set(slot: number, column: number, value: Row[number]): void {
    const { cells, from } = this.#place(slot);
    if (typeof value === 'number' && value >= 0 && value < BESIDE && Number.isInteger(value)) {
      cells[from + column] = value;
      return;
    }
    cells[from + column] = value === null ? NULL : BESIDE;
    if (value !== null) this.#beside.set(slot * this.#width + column, value);
  }

  #place(slot: number): { readonly cells: Uint32Array; readonly from: number } {
    const index = Math.floor(slot / CHUNK);
    this.#chunks[index] ??= new Uint32Array(CHUNK * this.#width);
    return { cells: this.#chunks[index], from: (slot % CHUNK) * this.#width };
  }
}
