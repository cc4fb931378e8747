import { EXPLANATIONS, type Explanation } from '../../src/conditions/causes.ts';
import { matchersOf } from '../../src/conditions/documents/alert-matchers.ts';
import { chosenAlerts } from './promql.ts';

const FIRING = 'alertstate="firing"';

/**
 * The firing alerts that no other firing alert explains: what Alertmanager tells of with the shipped file.
 * @param matchers further matchers, as PromQL writes them
 */
export function causes(...matchers: readonly string[]): string {
  return [chosenAlerts(FIRING, ...matchers), ...EXPLANATIONS.map(effectsOf)].join('\nunless\n');
}

function effectsOf({ cause, effects, equal }: Explanation): string {
  const [of, by] = [matchersOf(effects, cause), matchersOf(cause)].map((list) => [...list, FIRING].join(', '));
  return `(ALERTS{${of}} and on (${['job', 'site', ...equal].join(', ')}) ALERTS{${by}})`;
}
