import { countUntil } from './search.ts';
import type { Interval } from './types.ts';

/** A curve as plain data. */
export interface CurveSnapshot {
  readonly cap: number;
  readonly times: readonly number[];
  readonly counts: readonly number[];
}

/** Hears of a stretch [from, until) on which the count was `before` and is one more now. */
export type OnRise = (before: number, from: number, until: number) => void;

/**
 * How many clients are present at every time, up to a cap: a step function kept as its steps.
 *
 * It stays small whatever the number of clients. Every presence lasts at least 30 days, so where the count is below the
 * cap, no more than `cap` presences can begin in any 30 days, nor end; elsewhere there are no steps. That is at most
 * 2 * (cap + 1) steps for each 30 days of history, and in practice those of the first and the last days.
 *
 * `countAt` costs a binary search; `add` one more, and a copy of the steps that it passes (in time order those of the
 * end, at most `cap`).
 */
export class CensusCurve {
  readonly cap: number;
  /** Rising; the count at `#times[i]` and up to the next is `#counts[i]`, before the first it is 0. */
  readonly #times: number[];
  readonly #counts: number[];

  /** @param cap counts are distinguished up to this number, from 1 */
  constructor(cap: number, times: readonly number[] = [], counts: readonly number[] = []) {
    this.cap = cap;
    this.#times = [...times];
    this.#counts = [...counts];
  }

  static restore({ cap, times, counts }: CurveSnapshot): CensusCurve {
    return new CensusCurve(cap, times, counts);
  }

  /** Draws the curve of many presences at once, in any order: costs a sort. */
  static of(cap: number, intervals: Iterable<Interval>): CensusCurve {
    const starts: number[] = [];
    const ends: number[] = [];
    for (const { from, until } of intervals) {
      starts.push(from);
      ends.push(until);
    }
    return CensusCurve.#sweep(cap, Float64Array.from(starts).sort(), Float64Array.from(ends).sort());
  }

  static #sweep(cap: number, starts: Float64Array, ends: Float64Array): CensusCurve {
    const curve = new CensusCurve(cap);
    let begun = 0;
    let ended = 0;
    while (ended < ends.length) {
      const time = Math.min(starts[begun] ?? Number.POSITIVE_INFINITY, ends[ended] ?? Number.POSITIVE_INFINITY);
      while (starts[begun] === time) begun++;
      while (ends[ended] === time) ended++;
      curve.#append(time, Math.min(cap, begun - ended));
    }
    return curve;
  }

  get snapshot(): CurveSnapshot {
    return { cap: this.cap, times: [...this.#times], counts: [...this.#counts] };
  }

  /** The number of steps held. */
  get size(): number {
    return this.#times.length;
  }

  /** The count at a time, or the cap when it is at least that. */
  countAt(time: number): number {
    return this.#countOf(after(this.#times, time) - 1);
  }

  /** Adds one more on [from, until). */
  add({ from, until }: Interval, onRise: OnRise): void {
    let start = from;
    const index = after(this.#times, from) - 1;
    if (this.#countOf(index) === this.cap) {
      const next = this.#times[index + 1];
      if (next === undefined || next >= until) return;
      start = next;
    }
    const first = this.#stepAt(start);
    const end = this.#stepAt(until);
    for (let step = first; step < end; step++) {
      const count = this.#countOf(step);
      if (count === this.cap) continue;
      onRise(count, this.#times[step] ?? start, this.#times[step + 1] ?? until);
      this.#counts[step] = count + 1;
    }
    this.#dropLevel(first, end);
  }

  /** The times at which the count is below n (n up to the cap), from the beginning of time to its end. */
  below(n: number): Interval[] {
    const intervals: Interval[] = [];
    let from: number | undefined = Number.NEGATIVE_INFINITY;
    for (const [index, time] of this.#times.entries()) {
      const short = this.#countOf(index) < n;
      if (short === (from !== undefined)) continue;
      if (from !== undefined) intervals.push({ from, until: time });
      from = short ? time : undefined;
    }
    if (from !== undefined) intervals.push({ from, until: Number.POSITIVE_INFINITY });
    return intervals;
  }

  /** Forgets the steps before a time: counts before it are no longer told. */
  forgetBefore(time: number): void {
    const keep = after(this.#times, time) - 1;
    if (keep <= 0) return;
    this.#times.splice(0, keep);
    this.#counts.splice(0, keep);
  }

  /** The index of the step at a time, which is made if there is none. */
  #stepAt(time: number): number {
    const index = after(this.#times, time) - 1;
    if (this.#times[index] === time) return index;
    this.#times.splice(index + 1, 0, time);
    this.#counts.splice(index + 1, 0, this.#countOf(index));
    return index + 1;
  }

  /** Drops the steps from `first` to `last` that change nothing. */
  #dropLevel(first: number, last: number): void {
    let kept = first;
    for (let step = first; step <= last; step++) {
      const count = this.#countOf(step);
      if (count === this.#countOf(kept - 1)) continue;
      this.#times[kept] = this.#times[step] ?? Number.NaN;
      this.#counts[kept] = count;
      kept++;
    }
    if (kept > last) return;
    this.#times.splice(kept, last + 1 - kept);
    this.#counts.splice(kept, last + 1 - kept);
  }

  #append(time: number, count: number): void {
    if (count === this.#countOf(this.#counts.length - 1)) return;
    this.#times.push(time);
    this.#counts.push(count);
  }

  #countOf(index: number): number {
    return this.#counts[index] ?? 0;
  }
}

/** The first index whose time is later. */
function after(times: readonly number[], time: number): number {
  return countUntil(times, time, itself);
}

function itself(time: number): number {
  return time;
}
