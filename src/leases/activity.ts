import { DAY_S, HOUR_S } from '../kernel/time.ts';
import { IDLE_WINDOW, idleLimit } from './idle.ts';

/** Four times a gap of less is below the 72 hours that a host may be silent in any case. */
const SHORT_GAP = 18 * HOUR_S;
/** Kept for a while longer than the window, as records come late. */
const KEPT = 2 * IDLE_WINDOW + DAY_S;

/** A row of requests without a long gap: the first and the last time. */
export type Run = readonly [number, number];

/** When a host and pool was asked, as far as long gaps go: takes times in any order, and stays small. */
export class Activity {
  #runs: Run[];

  constructor(runs: readonly Run[]) {
    this.#runs = [...runs];
  }

  get runs(): readonly Run[] {
    return this.#runs;
  }

  /** Most times are inside the last run or go on from it. */
  add(time: number): void {
    const runs = this.#runs;
    let at = runs.length;
    while (at > 0 && (runs[at - 1]?.[0] ?? 0) > time) at--;
    const before = runs[at - 1];
    const after = runs[at];
    const joinsBefore = before !== undefined && time - before[1] <= SHORT_GAP;
    const joinsAfter = after !== undefined && after[0] - time <= SHORT_GAP;
    if (joinsBefore && time <= before[1]) return;
    const first = joinsBefore ? before[0] : time;
    const last = joinsAfter ? after[1] : time;
    runs.splice(joinsBefore ? at - 1 : at, Number(joinsBefore) + Number(joinsAfter), [first, last]);
  }

  /** Seconds of silence after which the host is idle. */
  idleLimit(now: number): number {
    let longest = 0;
    for (const [index, [first]] of this.#runs.entries()) {
      const before = this.#runs[index - 1];
      if (before === undefined || first <= now - IDLE_WINDOW || first > now) continue;
      longest = Math.max(longest, first - before[1]);
    }
    return idleLimit(longest);
  }

  /** Forgets what no gap of the window can touch; the last run before it stays. */
  prune(now: number): void {
    const keep = this.#runs.findLastIndex(([, last]) => last < now - KEPT);
    if (keep > 0) this.#runs = this.#runs.slice(keep);
  }
}
