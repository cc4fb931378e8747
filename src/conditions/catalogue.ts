import type { EstateView } from '../estate/view.ts';
import type { Condition, Verdict } from './condition.ts';
import { DISCOVERY_CONDITIONS } from './discovery-conditions.ts';
import { HOST_CONDITIONS } from './host-conditions.ts';

/** Every condition, in the order in which a person should hear of them. */
export const CATALOGUE: readonly Condition[] = [...HOST_CONDITIONS, ...DISCOVERY_CONDITIONS];

/** What holds now, whatever its hold time; the critical first. */
export function judge(view: EstateView): readonly Verdict[] {
  const verdicts = CATALOGUE.flatMap((condition) =>
    condition.evaluate(view).map((finding) => ({ name: condition.name, severity: condition.severity, ...finding })),
  );
  return verdicts.sort((a, b) => rank(a) - rank(b));
}

function rank(verdict: Verdict): number {
  return verdict.severity === 'critical' ? 0 : 1;
}
