import { type BookSnapshot, CensusBook } from '../leases/census-book.ts';
import { CENSUS_WINDOW } from '../leases/census-window.ts';
import type { Pool } from '../leases/types.ts';
import { Activity, type Run } from './activity.ts';

/** What is stored of a home. */
export interface HomeState {
  readonly book: BookSnapshot;
  readonly runs: readonly Run[];
  readonly lastRequest: number;
}

/** More than the largest threshold, as clients with a contact in the future stand in the list too. */
const SPARE = 32;
/** While a recount goes on, the list is sorted and cut when it has so many times too many. */
const FEWER = 8;

/** One host and one of its pools, as far as it is counted. */
export class Home {
  readonly no: number;
  readonly hostNo: number;
  readonly pool: Pool;
  book: CensusBook;
  activity: Activity;
  lastRequest: number;
  /** To be written with the next commit. */
  changed = false;
  /** Clients whose last contact is after `base` - 30 days. */
  counted = 0;
  /** Clients whose last contact may be in the future: their clocks are the host's, so there are few. */
  readonly ahead = new Set<number>();
  #base = 0;
  #top: { readonly client: number; readonly last: number }[] = [];
  #kept = SPARE;
  /** Of `#top` when it was last cut, while a recount goes on. */
  #lowest = 0;

  constructor(no: number, hostNo: number, pool: Pool, state?: HomeState) {
    this.no = no;
    this.hostNo = hostNo;
    this.pool = pool;
    this.book = new CensusBook(state?.book);
    this.activity = new Activity(state?.runs ?? []);
    this.lastRequest = state?.lastRequest ?? 0;
  }

  get state(): HomeState {
    return { book: this.book.snapshot, runs: this.activity.runs, lastRequest: this.lastRequest };
  }

  /** Begins to count anew; every client's last contact is then to be told by `tell`. */
  recount(base: number, threshold: number): void {
    this.#base = base;
    this.#kept = threshold + SPARE;
    this.#top = [];
    this.#lowest = 0;
    this.counted = 0;
    this.ahead.clear();
  }

  /** Takes a client's last contact after `recount`; `recounted` is to be called at the end. */
  tell(client: number, last: number, now: number): void {
    if (last > now) this.ahead.add(client);
    if (last <= this.#base - CENSUS_WINDOW) return;
    this.counted++;
    const top = this.#top;
    if (top.length >= this.#kept && last <= this.#lowest) return;
    top.push({ client, last });
    if (top.length >= FEWER * this.#kept) this.recounted();
  }

  /** Cuts the list down to the newest contacts, in order. */
  recounted(): void {
    this.#top.sort((a, b) => b.last - a.last);
    this.#top.length = Math.min(this.#top.length, this.#kept);
    this.#lowest = this.#top.at(-1)?.last ?? 0;
  }

  /** Takes a client's last contact, in place of one before. */
  count(client: number, before: number | undefined, last: number, now: number): void {
    // A home that is new counts from now on, not from the beginning of time.
    if (this.#base === 0) this.#base = now;
    if (before !== undefined && last <= before) return;
    if (last > now) this.ahead.add(client);
    const since = this.#base - CENSUS_WINDOW;
    if (last <= since) return;
    if (before === undefined || before <= since) this.counted++;
    this.#rank(client, last, before !== undefined && before > since);
  }

  /**
   * The census, and the N-th most recent last contact in it.
   * @param contactUntil a client's last contact up to now
   */
  census(now: number, contactUntil: (client: number) => number | undefined): Census {
    const since = now - CENSUS_WINDOW;
    const corrected = new Map([...this.ahead].map((client) => [client, contactUntil(client)]));
    let count = this.counted - corrected.size;
    for (const last of corrected.values()) if (last !== undefined && last > since) count++;
    const lasts = this.#top
      .flatMap(({ client, last }) => (corrected.has(client) ? (corrected.get(client) ?? []) : last))
      .filter((last) => last > since)
      .sort((a, b) => b - a);
    return { count, lasts };
  }

  #rank(client: number, last: number, maybeListed: boolean): void {
    const top = this.#top;
    const lowest = top[this.#kept - 1];
    if (lowest !== undefined && last <= lowest.last) return;
    if (maybeListed) {
      const listed = top.findIndex((entry) => entry.client === client);
      if (listed !== -1) top.splice(listed, 1);
    }
    const next = top.findIndex((entry) => entry.last <= last);
    top.splice(next === -1 ? top.length : next, 0, { client, last });
    if (top.length > this.#kept) top.pop();
  }
}

export interface Census {
  readonly count: number;
  /** Last contacts in the census, newest first; at least as many as the largest threshold when there are so many. */
  readonly lasts: readonly number[];
}
