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

/** What may explain what. */
const PATTERNS = EXPLANATIONS.map(({ cause, effects }) => ({ cause: certain(cause), effects: certain(effects) }));

/** Those whose cause takes all samples of a site away, so that what is explained ends when the cause begins. */
const OF_SILENCE = PATTERNS.filter(({ effects }) => effects.names === 'all');

/** A silence with the conditions that tell of it. */
type Silence = readonly [silence: (typeof OF_SILENCE)[number], told: readonly Condition[]];

/**
 * The same conditions; a cause goes on firing for longer than what it explains. If they end together, Prometheus tells
 * Alertmanager of one after the other, and an effect that is left for a moment would be news.
 *
 * When the last agent of a site dies, nothing of it holds any more for Prometheus, though all may be as it was. So each goes
 * on until the alert about the silence fires, which hides its end.
 */
export function outlastingEffects(conditions: readonly Condition[]): readonly Condition[] {
  const known = new Map<Condition, Millis>();
  const silences = OF_SILENCE.map((each): Silence => [each, conditions.filter((one) => mayFit(each.cause, one))]);
  const keptFor = (condition: Condition): Millis => {
    const before = known.get(condition);
    if (before !== undefined) return before;
    const own = Math.max(condition.keepFiring ?? 0, untilSilenceIsTold(condition, silences));
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
  const explanations = PATTERNS.filter((each) => !OF_SILENCE.includes(each) && mayFit(each.cause, cause));
  return conditions.filter(
    (condition) => condition !== cause && explanations.some(({ effects }) => mayFit(effects, condition)),
  );
}

/** Milliseconds until the last alert about a silence fires; such an alert ends when somebody is heard again. */
function untilSilenceIsTold(condition: Condition, silences: readonly Silence[]): number {
  if (silences.some(([, told]) => told.includes(condition))) return 0;
  const told = silences.flatMap(([{ effects }, alerts]) => (mayFit(effects, condition) ? alerts : []));
  return Math.max(0, ...told.map(({ hold }) => hold + UNTIL_CAUSE));
}

/** Whether some finding of it fits. */
function mayFit(pattern: AlertPattern, { name, severity, labels: subject = {} }: Condition): boolean {
  return fits(pattern, { name, severity, subject });
}

/** The same without labels that only findings have. */
function certain({ labels = {}, ...pattern }: AlertPattern): AlertPattern {
  const known = Object.entries(labels).filter(([label]) => OF_CONDITION.has(label));
  return { ...pattern, labels: Object.fromEntries(known) };
}
