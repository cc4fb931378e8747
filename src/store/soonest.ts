import type { Board } from './board.ts';
import { CLASSES } from './catalogue.ts';
import type { LeaseColumns } from './lease-columns.ts';

/** The leases that end soonest, of those not yet expired. */
export interface Soonest {
  /** Soonest first, at most the limit. */
  readonly leases: readonly number[];
  /** The latest end in the list; any end comes in when it is not full. */
  readonly latest: number;
  /** The soonest end of each class. */
  readonly next: readonly (number | undefined)[];
}

/** Looks through all leases: about 2 ms for a million. */
export function findSoonest(columns: LeaseColumns, board: Board, now: number, limit: number): Soonest {
  const next: (number | undefined)[] = CLASSES.map(() => undefined);
  const list = new ShortList(limit);
  for (let id = 1; id < columns.length; id++) {
    const expiry = columns.expiry.get(id);
    if (expiry <= now) continue;
    const cls = columns.cls(id);
    const soonest = next[cls];
    // Most leases end later than all that is wanted, and nothing else has to be asked of them.
    if (soonest !== undefined && expiry >= soonest && expiry >= list.latest) continue;
    if (!board.isCounted(id)) continue;
    if (soonest === undefined || expiry < soonest) next[cls] = expiry;
    list.offer(id, expiry);
  }
  return { leases: list.ids, latest: list.latest, next };
}

/** The smallest of many; kept in order, as few of those offered come in. */
class ShortList {
  readonly ids: number[] = [];
  readonly #values: number[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get latest(): number {
    return this.#values[this.#limit - 1] ?? (this.#limit === 0 ? 0 : Number.POSITIVE_INFINITY);
  }

  offer(id: number, value: number): void {
    const largest = this.#values[this.#limit - 1];
    if (this.#limit === 0 || (largest !== undefined && value >= largest)) return;
    const at = this.#values.findLastIndex((other) => other <= value) + 1;
    this.#values.splice(at, 0, value);
    this.ids.splice(at, 0, id);
    if (this.ids.length <= this.#limit) return;
    this.#values.pop();
    this.ids.pop();
  }
}
