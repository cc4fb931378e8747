/** Something that is to act at a time. */
export interface Actor {
  /** Seconds since the epoch; infinite: never again. */
  readonly next: number;
  /** Acts at `next`, which is later afterwards. */
  act(): void;
}

interface Slot {
  readonly actor: Actor;
  /** Of two at the same time, the lower acts first. */
  readonly order: number;
}

/** Who acts next, among many: a binary heap by time, then by place in the list. */
export class Schedule {
  readonly #slots: Slot[];

  constructor(actors: readonly Actor[]) {
    this.#slots = actors.map((actor, order) => ({ actor, order }));
    for (let index = this.#slots.length >>> 1; index >= 0; index -= 1) this.#sink(index);
  }

  /** When somebody acts next; infinite when nobody ever does. */
  get next(): number {
    return this.#slots[0]?.actor.next ?? Number.POSITIVE_INFINITY;
  }

  /** Lets the one whose turn it is act. */
  act(): void {
    this.#slots[0]?.actor.act();
    this.#sink(0);
  }

  #sink(start: number): void {
    let index = start;
    for (;;) {
      const slot = this.#slots[index];
      const child = this.#earlier(2 * index + 1, 2 * index + 2);
      const other = this.#slots[child];
      if (slot === undefined || other === undefined || !isBefore(other, slot)) return;
      this.#slots[index] = other;
      this.#slots[child] = slot;
      index = child;
    }
  }

  #earlier(left: number, right: number): number {
    const a = this.#slots[left];
    const b = this.#slots[right];
    return a !== undefined && b !== undefined && isBefore(b, a) ? right : left;
  }
}

function isBefore(a: Slot, b: Slot): boolean {
  return a.actor.next < b.actor.next || (a.actor.next === b.actor.next && a.order < b.order);
}
