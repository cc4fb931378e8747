import { ACROSS_CLASSES, EXPLANATIONS, type Explanation } from '../../src/conditions/causes.ts';
import { matchersOf } from '../../src/conditions/documents/alert-matchers.ts';
import { chosenAlerts } from './promql.ts';

const FIRING = 'alertstate="firing"';

/** Those that are one fault whatever the class: one row, as they are one message. */
const ACROSS = `"${[...ACROSS_CLASSES].join('|')}"`;

/**
 * The firing alerts that no other firing alert explains: what Alertmanager tells of with the shipped file.
 * @param matchers further matchers, as PromQL writes them
 */
export function causes(...matchers: readonly string[]): string {
  const across = unexplained(...matchers, `alertname=~${ACROSS}`);
  const others = unexplained(...matchers, `alertname!~${ACROSS}`);
  return `${others}\nor\ngroup without (class, pool) (\n${across}\n)`;
}

function unexplained(...matchers: readonly string[]): string {
  return [chosenAlerts(FIRING, ...matchers), ...EXPLANATIONS.map(effectsOf)].join('\nunless\n');
}

function effectsOf({ cause, effects, equal }: Explanation): string {
  const [of, by] = [matchersOf(effects, cause), matchersOf(cause)].map((list) => [...list, FIRING].join(', '));
  return `(ALERTS{${of}} and on (${['job', 'site', ...equal].join(', ')}) ALERTS{${by}})`;
}
