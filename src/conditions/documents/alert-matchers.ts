import { type AlertPattern, ANY } from '../causes.ts';

/**
 * The matchers of a pattern, as Alertmanager and PromQL both write them.
 * @param cause of these effects: it does not silence itself
 */
export function matchersOf({ names, except = [], labels = {} }: AlertPattern, cause?: AlertPattern): readonly string[] {
  const own = names === 'all' ? allBut([...namesOf(cause), ...except]) : [nameMatcher(names)];
  const others = Object.entries(labels).map(([label, value]) =>
    value === ANY ? `${label}!=""` : `${label}="${value}"`,
  );
  return [...own, ...others];
}

function allBut(names: readonly string[]): readonly string[] {
  return ['alertname=~"Kms.*"', ...names.map((name) => `alertname!="${name}"`)];
}

function namesOf(cause: AlertPattern | undefined): readonly string[] {
  return cause === undefined || cause.names === 'all' ? [] : cause.names;
}

function nameMatcher(names: readonly string[]): string {
  return names.length === 1 ? `alertname="${names[0]}"` : `alertname=~"${names.join('|')}"`;
}
