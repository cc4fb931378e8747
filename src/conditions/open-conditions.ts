import { type Millis, millis } from '../kernel/time.ts';
import { CATALOGUE, findingsIn, runbookPathOf } from './catalogue.ts';
import type { OpenCondition } from './condition.ts';
import { explained } from './explained.ts';
import { isNotYetKnown } from './not-yet-known.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** How long a condition that fires goes on firing once it no longer holds. */
const KEEP_FIRING = new Map(
  CATALOGUE.map(({ name, severity, labels, keepFiring }) => [
    ruleOf({ name, severity, subject: labels ?? {} }),
    keepFiring ?? 0,
  ]),
);

/**
 * Which conditions are open and since when, from one evaluation to the next. One that does not hold at an evaluation is
 * over; if it holds again, it begins again. One that fires goes on for its `keepFiring`, as with `keep_firing_for` of
 * Prometheus. What was open before a restart waits until it can be judged.
 */
export class OpenConditions {
  readonly #hurry: number;
  #open: ReadonlyMap<string, OpenCondition>;
  /** From when on each has held, by the clock that never steps. */
  #heldFrom: ReadonlyMap<string, Millis>;
  /** From when on what still fires no longer holds, by that clock. */
  #overFrom: ReadonlyMap<string, Millis>;
  /** Keys of what the agent that ran before has left, until it is known whether it still holds. */
  readonly #unjudged: Set<string>;

  /**
   * @param remembered what was open when the agent last ran: it goes on where it still holds
   * @param hurry by which the times of the catalogue are divided: nobody waits an hour for a test
   */
  constructor(remembered: readonly OpenCondition[] = [], hurry = 1) {
    this.#hurry = hurry;
    this.#open = new Map(remembered.map((condition) => [keyOf(condition), condition]));
    this.#heldFrom = new Map(remembered.map((condition) => [keyOf(condition), condition.since]));
    this.#overFrom = new Map(
      remembered.flatMap((each) => (each.overSince === undefined ? [] : [[keyOf(each), each.overSince]])),
    );
    this.#unjudged = new Set(this.#open.keys());
  }

  /** The critical first. Before the first evaluation: what was remembered. */
  get all(): readonly OpenCondition[] {
    return [...this.#open.values()];
  }

  /**
   * Judges a snapshot. MUST be called only after the first rounds have ended: what is not known does not hold.
   * @param now by a clock that never steps while the agent runs; at its start it shows the wall time
   * @param wallTime when a condition that begins is said to have begun, milliseconds since the epoch
   * @returns whether something began, ended, or has now held for its hold time
   */
  evaluate(snapshot: ConditionSnapshot, now: Millis, wallTime: Millis = now): boolean {
    const open = new Map<string, OpenCondition>();
    const heldFrom = new Map<string, Millis>();
    let isChanged = false;
    for (const found of findingsIn(snapshot)) {
      const key = keyOf(found);
      const before = this.#open.get(key);
      const since = before?.since ?? wallTime;
      // A clock that was set back between two runs must not keep a condition from ever firing.
      const from = millis(Math.min(this.#heldFrom.get(key) ?? now, now));
      heldFrom.set(key, from);
      const firing = now - from >= found.hold / this.#hurry;
      if (before?.firing !== firing || before.overSince !== undefined) isChanged = true;
      const { hold, value, limit, ...finding } = found;
      const runbook = runbookPathOf(found.name);
      open.set(key, { ...finding, since, firing, value, limit, overSince: undefined, explainedBy: undefined, runbook });
    }
    const kept = this.#keep(open, snapshot, now, wallTime);
    for (const { overSince } of kept.values()) if (overSince === wallTime) isChanged = true;
    if (kept.size !== this.#open.size) isChanged = true;
    for (const [key, { since }] of kept) if (!heldFrom.has(key)) heldFrom.set(key, this.#heldFrom.get(key) ?? since);
    this.#open = new Map(explained([...kept.values()]).map((condition) => [keyOf(condition), condition]));
    this.#heldFrom = heldFrom;
    return isChanged;
  }

  /** Takes up what an earlier run has left, if that could not be read before: what is still open has been so since then. */
  recall(remembered: readonly OpenCondition[]): void {
    const since = new Map(remembered.map((condition) => [keyOf(condition), condition.since]));
    for (const [key, condition] of this.all.map((open) => [keyOf(open), open] as const)) {
      const earlier = millis(Math.min(condition.since, since.get(key) ?? condition.since));
      this.#open = new Map(this.#open).set(key, { ...condition, since: earlier });
      if (since.has(key)) this.#heldFrom = new Map(this.#heldFrom).set(key, earlier);
    }
  }

  /** What holds, with what goes on firing, and what cannot be judged yet as it was before the restart. */
  #keep(
    open: ReadonlyMap<string, OpenCondition>,
    snapshot: ConditionSnapshot,
    now: Millis,
    wallTime: Millis,
  ): ReadonlyMap<string, OpenCondition> {
    const kept: [string, OpenCondition][] = [];
    const overFrom = new Map<string, Millis>();
    for (const [key, before] of this.#open) {
      const isAwaited = this.#unjudged.has(key) && !open.has(key) && isNotYetKnown(before, snapshot);
      if (isAwaited) kept.push([key, before]);
      else this.#unjudged.delete(key);
      if (isAwaited || open.has(key) || !before.firing) continue;
      const from = millis(Math.min(this.#overFrom.get(key) ?? now, now));
      if (now - from >= this.#keepFiring(before)) continue;
      overFrom.set(key, from);
      kept.push([key, { ...before, overSince: before.overSince ?? wallTime }]);
    }
    this.#overFrom = overFrom;
    return kept.length === 0 ? open : criticalFirst([...open, ...kept]);
  }

  #keepFiring(condition: OpenCondition): number {
    return (KEEP_FIRING.get(ruleOf(condition)) ?? 0) / this.#hurry;
  }
}

/** One text for the entry of the catalogue; entries of one name and severity differ in these labels. */
function ruleOf({ name, severity, subject }: Pick<OpenCondition, 'name' | 'severity' | 'subject'>): string {
  return `${severity} ${name} ${subject['partial']} ${subject['clock']}`;
}

function criticalFirst(entries: readonly [string, OpenCondition][]): ReadonlyMap<string, OpenCondition> {
  const rank = ([, { severity }]: [string, OpenCondition]): number => (severity === 'critical' ? 0 : 1);
  return new Map(entries.toSorted((a, b) => rank(a) - rank(b)));
}

/** One text for a condition and what it is about. */
export function keyOf({ name, severity, subject }: Pick<OpenCondition, 'name' | 'severity' | 'subject'>): string {
  return JSON.stringify([name, severity, ...Object.entries(subject).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
