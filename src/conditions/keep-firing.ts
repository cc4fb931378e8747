import { MINUTE_MS, type Millis, millis } from '../kernel/time.ts';
import { type AlertPattern, EXPLANATIONS } from './causes.ts';
import type { Condition } from './condition.ts';
import { fits } from './explained.ts';

/** Longer than Prometheus leaves between two evaluations, as each group of rules has its own offset. */
const BEYOND_EFFECTS = MINUTE_MS;

/** The same, and a scrape: not every last sample need have arrived. */
const UNTIL_CAUSE = 2 * MINUTE_MS;

/** Labels of an alert that its condition has, and not only its findings. */
const OF_CONDITION = new Set(['severity', 'partial', 'clock']);

/** Those whose cause takes all samples of a site away, so that what is explained ends when the cause begins. */
const OF_SILENCE = EXPLANATIONS.filter(({ effects }) => effects.names === 'all');

/**
 * The same conditions; a cause goes on firing for longer than what it explains. If they end together, Prometheus tells
 * Alertmanager of one after the other, and an effect that is left for a moment would be news.
 *
 * When the last agent of a site dies, nothing of it holds any more for Prometheus, though all may be as it was. So each goes
 * on until the alert about the silence fires, which hides its end.
 */
export function outlastingEffects(conditions: readonly Condition[]): readonly Condition[] {
  const known = new Map<Condition, Millis>();
  const keptFor = (condition: Condition): Millis => {
    const before = known.get(condition);
    if (before !== undefined) return before;
    const own = Math.max(condition.keepFiring ?? 0, untilSilenceIsTold(condition, conditions));
    // Ends a circle, though there MUST be none.
    known.set(condition, millis(own));
    const effects = effectsOf(condition, conditions).map((effect) => keptFor(effect) + BEYOND_EFFECTS);
    const kept = millis(Math.max(own, ...effects));
    known.set(condition, kept);
    return kept;
  };
  return conditions.map((condition) => {
    const keepFiring = keptFor(condition);
    return keepFiring === 0 ? condition : { ...condition, keepFiring };
  });
}

/** What a condition may explain. While no agent is up (`all`), nothing else begins. */
function effectsOf(cause: Condition, conditions: readonly Condition[]): readonly Condition[] {
  const explanations = EXPLANATIONS.filter((each) => !OF_SILENCE.includes(each) && mayFit(each.cause, cause));
  return conditions.filter(
    (condition) => condition !== cause && explanations.some(({ effects }) => mayFit(effects, condition)),
  );
}

/** Milliseconds until the last alert about a silence fires; such an alert ends when somebody is heard again. */
function untilSilenceIsTold(condition: Condition, conditions: readonly Condition[]): number {
  if (OF_SILENCE.some(({ cause }) => mayFit(cause, condition))) return 0;
  const silences = OF_SILENCE.filter(({ effects }) => mayFit(effects, condition));
  const told = conditions.filter((each) => silences.some(({ cause }) => mayFit(cause, each)));
  return Math.max(0, ...told.map(({ hold }) => hold + UNTIL_CAUSE));
}

/** Whether some finding of it fits. */
function mayFit({ labels = {}, ...pattern }: AlertPattern, condition: Condition): boolean {
  const { name, severity, labels: subject = {} } = condition;
  const certain = Object.fromEntries(Object.entries(labels).filter(([label]) => OF_CONDITION.has(label)));
  return fits({ ...pattern, labels: certain }, { name, severity, subject });
}
