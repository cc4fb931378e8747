import { u32 } from './numbers.ts';

/** Which leases an owner has: for each a linked list of their numbers, in memory, 4 bytes a lease and 4 an owner. */
export class OneToMany {
  readonly #first = u32();
  readonly #next = u32();

  /** Makes room by the largest numbers. */
  reserve(owner: number, lease: number): void {
    this.#first.reserve(owner);
    this.#next.reserve(lease);
  }

  /** The newest of an owner; 0 if it has none. */
  first(owner: number): number {
    return this.#first.get(owner);
  }

  /** The next one of the same owner; 0 after the last. */
  after(lease: number): number {
    return this.#next.get(lease);
  }

  *of(owner: number): Iterable<number> {
    for (let lease = this.first(owner); lease !== 0; lease = this.after(lease)) yield lease;
  }

  add(owner: number, lease: number): void {
    this.#next.put(lease, this.first(owner));
    this.#first.put(owner, lease);
  }

  remove(owner: number, lease: number): void {
    const next = this.after(lease);
    if (this.first(owner) === lease) {
      this.#first.put(owner, next);
      return;
    }
    let before = this.first(owner);
    while (this.after(before) !== lease) before = this.after(before);
    this.#next.put(before, next);
  }
}
