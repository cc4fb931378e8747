import type { DatabaseSync } from 'node:sqlite';
import { HeldRows } from './held-rows.ts';
import { num, type Query, query, type Row } from './rows.ts';

/** When rows of leases are written after the commit that changed them. */
export interface WriteBehind {
  /** So few are written at once. */
  readonly direct: number;
  /** More are not held back: some 160 octets each, and derived again after a crash. */
  readonly most: number;
}

export const WRITE_BEHIND: WriteBehind = { direct: 1000, most: 100_000 };

/** How a row differs from the one in the database, where there is one. */
interface Difference {
  readonly isNew: boolean;
  /** Its machine is another. */
  readonly hasMoved: boolean;
}

/** Where `values` has the fate: after the lease's number, client and product. */
const FATE = 3;

/**
 * Rows of leases that are not in the database as they are now. Clients ask in random order, so that of a large batch
 * each row is in a page of its own; held back and written in the order of the file, many share a page and a sync. The
 * table `unwritten` lists them with the commit that changed them: after a crash they are derived again from their records.
 */
export class Unwritten {
  readonly #limits: WriteBehind;
  readonly #held: HeldRows;
  readonly #new = new Set<number>();
  readonly #moved = new Set<number>();
  /** Client and product of those that were put since the last commit. */
  #put: number[] = [];
  #isListed: boolean;
  readonly #database: DatabaseSync;
  readonly #insert: Query;
  readonly #update: Query;
  readonly #move: Query;
  readonly #list: Query;
  readonly #unlist: Query;

  /** @param columns those after number, client, product and fate */
  constructor(database: DatabaseSync, columns: readonly string[], limits: WriteBehind) {
    this.#database = database;
    this.#limits = limits;
    const all = ['id', 'client', 'product', 'fate', ...columns];
    this.#held = new HeldRows(all.length);
    // An index of a column that is set is written, changed or not.
    const settle = (names: readonly string[]) =>
      `UPDATE leases SET ${names.map((name) => `${name} = ?${all.indexOf(name) + 1}`).join(', ')} WHERE id = ?1`;
    const changing = all.slice(FATE);
    this.#insert = query(database, `INSERT INTO leases (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`);
    this.#move = query(database, settle(changing));
    this.#update = query(database, settle(changing.filter((name) => name !== 'machine')));
    this.#list = query(database, 'INSERT INTO unwritten (leases) VALUES (?)');
    this.#unlist = query(database, 'DELETE FROM unwritten');
    this.#isListed = num(query(database, 'SELECT count(*) FROM unwritten').get()?.[0]) > 0;
  }

  get size(): number {
    return this.#held.size;
  }

  get(id: number): Row | undefined {
    return this.#held.get(id);
  }

  put(id: number, values: Row, { isNew, hasMoved }: Difference): void {
    this.#held.put(id, values);
    if (isNew) this.#new.add(id);
    if (hasMoved) this.#moved.add(id);
    this.#put.push(num(values[1]), num(values[2]));
  }

  /** @returns false when the row is in the database */
  setFate(id: number, fate: number): boolean {
    return this.#held.setCell(id, FATE, fate);
  }

  /** Client and product of the leases that the last run had not written, each once, in the order of the file. */
  listed(): readonly (readonly [number, number])[] {
    const pairs = new Map<string, readonly [number, number]>();
    for (const [blob] of query(this.#database, 'SELECT leases FROM unwritten').all()) {
      if (!(blob instanceof Uint8Array)) continue;
      const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
      for (let at = 0; at < view.byteLength; at += 8) {
        const pair = [view.getUint32(at), view.getUint32(at + 4)] as const;
        pairs.set(pair.join(' '), pair);
      }
    }
    return [...pairs.values()].sort(([a, c], [b, d]) => a - b || c - d);
  }

  /** The end of a transaction. */
  commit(): void {
    const { direct, most } = this.#limits;
    if (this.size <= direct || this.size > most) this.write();
    else if (this.#put.length > 0) this.#writeList();
  }

  /** In the order of the file. */
  write(): void {
    for (const id of Uint32Array.from(this.#held.keys()).sort()) {
      const values = this.#held.get(id);
      if (values === undefined) continue;
      (this.#new.has(id) ? this.#insert : this.#moved.has(id) ? this.#move : this.#update).run(...values);
    }
    for (const rows of [this.#held, this.#new, this.#moved]) rows.clear();
    this.#put = [];
    if (this.#isListed) this.#unlist.run();
    this.#isListed = false;
  }

  #writeList(): void {
    const view = new DataView(new ArrayBuffer(this.#put.length * 4));
    for (const [index, value] of this.#put.entries()) view.setUint32(index * 4, value);
    this.#list.run(new Uint8Array(view.buffer));
    this.#put = [];
    this.#isListed = true;
  }
}
