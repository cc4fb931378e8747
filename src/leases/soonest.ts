/** The leases that end soonest, of those that are offered; kept in order, as few of those offered come in. */
export class Soonest {
  /** Soonest first, at most the limit. */
  readonly leases: number[] = [];
  readonly #expiries: number[] = [];
  readonly #limit: number;
  /** The latest end in a full list; any end comes in while it is not full. */
  latest: number;

  constructor(limit: number) {
    this.#limit = limit;
    this.latest = limit === 0 ? 0 : Number.POSITIVE_INFINITY;
  }

  offer(lease: number, expiry: number): void {
    if (expiry >= this.latest) return;
    const at = this.#expiries.findLastIndex((other) => other <= expiry) + 1;
    this.#expiries.splice(at, 0, expiry);
    this.leases.splice(at, 0, lease);
    if (this.leases.length > this.#limit) {
      this.#expiries.pop();
      this.leases.pop();
    }
    this.latest = this.#expiries[this.#limit - 1] ?? Number.POSITIVE_INFINITY;
  }
}
