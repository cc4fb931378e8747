import { DAY_S } from '../kernel/time.ts';

/** How far a forecast looks unless somebody says otherwise: a count does not change after 30 days, a lease ends within 180. */
export const FORECAST_DAYS = 180;

/** Per day, in steps. */
class Days {
  readonly #now: number;
  readonly #buckets: number[];

  constructor(now: number, days: number) {
    this.#now = now;
    this.#buckets = new Array<number>(days + 1).fill(0);
  }

  /** On the first whole number of days from now that reaches the time; beyond the last it is left out. */
  count(time: number, by: number): void {
    const index = Math.max(0, Math.ceil((time - this.#now) / DAY_S));
    const before = this.#buckets[index];
    if (before !== undefined) this.#buckets[index] = before + by;
  }

  get values(): readonly number[] {
    return this.#buckets;
  }
}

/** The census of a host and pool now and 1, 2, ... `days` days from now, if nobody makes contact again. */
export class CensusAhead {
  readonly #change: Days;

  constructor(now: number, days: number) {
    this.#change = new Days(now, days);
  }

  /** When a client counts, clients in any order; the intervals of one client do not overlap. */
  add(from: number, until: number): void {
    this.#change.count(from, 1);
    this.#change.count(until, -1);
  }

  perDay(): number[] {
    let census = 0;
    return this.#change.values.map((more) => {
      census += more;
      return census;
    });
  }
}

/** How many leases end within the 1st, 2nd, ... `days`-th day from now, if nobody renews. */
export class EndsAhead {
  readonly #now: number;
  readonly #ends: Days;

  constructor(now: number, days: number) {
    this.#now = now;
    this.#ends = new Days(now, days);
  }

  /** Leases in any order. */
  add(expiry: number): void {
    if (expiry > this.#now) this.#ends.count(expiry, 1);
  }

  perDay(): number[] {
    return this.#ends.values.slice(1);
  }
}
