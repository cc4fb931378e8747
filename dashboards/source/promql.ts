/** Every selector carries these, so that a dashboard shows the agents that were chosen and no others. */
const ALWAYS = 'job=~"$job", instance=~"$instance"';

/**
 * A selector of one metric, limited to the chosen agents.
 * @param matchers further matchers, as PromQL writes them
 */
export function of(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${[ALWAYS, ...matchers].join(', ')}}`;
}

/** Matchers for the variables of a dashboard. */
export const DOMAIN = 'domain=~"$domain"';
export const HOST = 'host=~"$host"';
export const CLASS = 'class=~"$class"';

/** Grafana's date units want milliseconds. */
export function asDate(expression: string): string {
  return `${expression} * 1000`;
}

/** A Grafana variable, as written in links and references. */
export function variable(name: string): string {
  return `\${${name}}`;
}
