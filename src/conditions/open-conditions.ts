import { type Millis, millis } from '../kernel/time.ts';
import { findingsIn, runbookPathOf } from './catalogue.ts';
import type { Condition, OpenCondition } from './condition.ts';
import { isNotYetKnown } from './not-yet-known.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** For how long a condition has to hold before anybody is told, in milliseconds. */
export type HoldOf = (condition: Pick<Condition, 'name' | 'severity' | 'hold'>) => Millis;

/** As the catalogue says. */
export const CATALOGUE_HOLD: HoldOf = ({ hold }) => hold;

/**
 * Which conditions are open and since when, from one evaluation to the next. One that does not hold at an evaluation is
 * over; when it holds again, it begins anew. What was open before a restart waits until it can be judged.
 */
export class OpenConditions {
  readonly #holdOf: HoldOf;
  #open: ReadonlyMap<string, OpenCondition>;
  /** Keys of what the agent that ran before has left, until it is known whether it still holds. */
  readonly #unjudged: Set<string>;

  /** @param remembered what was open when the agent last ran: it goes on where it still holds */
  constructor(remembered: readonly OpenCondition[] = [], holdOf = CATALOGUE_HOLD) {
    this.#holdOf = holdOf;
    this.#open = new Map(remembered.map((condition) => [keyOf(condition), condition]));
    this.#unjudged = new Set(this.#open.keys());
  }

  /** The critical first. Before the first evaluation: what was remembered. */
  get all(): readonly OpenCondition[] {
    return [...this.#open.values()];
  }

  /**
   * Judges a snapshot. MUST be called only after the first rounds have ended: what is not known does not hold.
   * @param now milliseconds since the epoch
   * @returns whether something began, ended, or has now held for its hold time
   */
  evaluate(snapshot: ConditionSnapshot, now: Millis): boolean {
    const open = new Map<string, OpenCondition>();
    let isChanged = false;
    for (const found of findingsIn(snapshot)) {
      const key = keyOf(found);
      const before = this.#open.get(key);
      // A clock that was set back must not keep a condition from ever firing.
      const since = millis(Math.min(before?.since ?? now, now));
      const firing = now - since >= this.#holdOf(found);
      if (before === undefined || before.firing !== firing || before.since !== since) isChanged = true;
      const { hold, value, limit, ...finding } = found;
      open.set(key, { ...finding, since, firing, value, limit, runbook: runbookPathOf(found.name) });
    }
    const kept = this.#keep(open, snapshot);
    if (kept.size !== this.#open.size) isChanged = true;
    this.#open = kept;
    return isChanged;
  }

  /** What holds, with what cannot be judged yet as it was before the restart. */
  #keep(open: ReadonlyMap<string, OpenCondition>, snapshot: ConditionSnapshot): ReadonlyMap<string, OpenCondition> {
    const waiting: [string, OpenCondition][] = [];
    for (const key of this.#unjudged) {
      const before = this.#open.get(key);
      if (before !== undefined && !open.has(key) && isNotYetKnown(before, snapshot)) waiting.push([key, before]);
      else this.#unjudged.delete(key);
    }
    if (waiting.length === 0) return open;
    const rank = ([, { severity }]: [string, OpenCondition]): number => (severity === 'critical' ? 0 : 1);
    return new Map([...open, ...waiting].sort((a, b) => rank(a) - rank(b)));
  }
}

/** One text for a condition and what it is about. */
export function keyOf({ name, severity, subject }: Pick<OpenCondition, 'name' | 'severity' | 'subject'>): string {
  return JSON.stringify([name, severity, ...Object.entries(subject).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
