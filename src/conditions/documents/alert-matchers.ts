import { type AlertPattern, ANY } from '../causes.ts';

/**
 * The matchers of a pattern, as Alertmanager and PromQL both write them.
 * @param cause of these effects: it does not silence itself
 */
export function matchersOf({ names, labels = {} }: AlertPattern, cause?: AlertPattern): readonly string[] {
  const own = typeof names === 'string' ? allBut(names, cause) : [nameMatcher(names)];
  const others = Object.entries(labels).map(([label, value]) =>
    value === ANY ? `${label}!=""` : `${label}="${value}"`,
  );
  return [...own, ...others];
}

function allBut(all: 'all' | 'estate', cause: AlertPattern | undefined): readonly string[] {
  if (all === 'estate') return ['alertname=~"Kms.*"', 'alertname!~"Kmswatch.*"'];
  const names = cause === undefined || typeof cause.names === 'string' ? [] : cause.names;
  return ['alertname=~"Kms.*"', ...names.map((name) => `alertname!="${name}"`)];
}

function nameMatcher(names: readonly string[]): string {
  return names.length === 1 ? `alertname="${names[0]}"` : `alertname=~"${names.join('|')}"`;
}
