import { MINUTE_MS, type Millis, millis } from '../kernel/time.ts';
import { type AlertPattern, EXPLANATIONS } from './causes.ts';
import type { Condition } from './condition.ts';
import { fits } from './explained.ts';

/** Longer than Prometheus leaves between two evaluations, as each group of rules has its own offset. */
const BEYOND_EFFECTS = MINUTE_MS;

/** Labels of an alert that its condition has, and not only its findings. */
const OF_CONDITION = new Set(['severity', 'partial', 'clock']);

/**
 * The same conditions; a cause goes on firing for longer than what it explains. If they end together, Prometheus tells
 * Alertmanager of one after the other, and an effect that is left for a moment would be news.
 */
export function outlastingEffects(conditions: readonly Condition[]): readonly Condition[] {
  const known = new Map<Condition, Millis>();
  const keptFor = (condition: Condition): Millis => {
    const before = known.get(condition);
    if (before !== undefined) return before;
    // Ends a circle, though there MUST be none.
    known.set(condition, condition.keepFiring ?? millis(0));
    const effects = effectsOf(condition, conditions).map((effect) => keptFor(effect) + BEYOND_EFFECTS);
    const kept = millis(Math.max(condition.keepFiring ?? 0, ...effects));
    known.set(condition, kept);
    return kept;
  };
  return conditions.map((condition) => {
    const keepFiring = keptFor(condition);
    return keepFiring === 0 ? condition : { ...condition, keepFiring };
  });
}

/** What a condition may explain. While no agent is up (`all`, `estate`), nothing else begins. */
function effectsOf(cause: Condition, conditions: readonly Condition[]): readonly Condition[] {
  const explanations = EXPLANATIONS.filter(
    (each) => typeof each.effects.names !== 'string' && mayFit(each.cause, cause),
  );
  return conditions.filter(
    (condition) => condition !== cause && explanations.some(({ effects }) => mayFit(effects, condition)),
  );
}

/** Whether some finding of it fits. */
function mayFit({ names, labels = {} }: AlertPattern, { name, severity, labels: subject = {} }: Condition): boolean {
  const certain = Object.fromEntries(Object.entries(labels).filter(([label]) => OF_CONDITION.has(label)));
  return fits({ names, labels: certain }, { name, severity, subject });
}
