/**
 * Expressions of the dashboards. They are right over several sites whose agents have the same `instance`, and over two
 * agents of one site: what is about a thing is by `job` and `site`; what is counted is taken once of each site. As in the
 * rules, a host is up if any agent of the site says so, and anything else is wrong if any says so.
 */

/** Every selector carries these, so that a dashboard shows the agents that were chosen and no others. */
const ALWAYS = 'job=~"$job", site=~"$site", instance=~"$instance"';

/**
 * A selector of one metric, limited to the chosen agents.
 * @param matchers further matchers, as PromQL writes them
 */
export function of(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${[ALWAYS, ...matchers].join(', ')}}`;
}

/** The same, of each site: what two agents of it know counts once. */
export function once(metric: string, ...matchers: readonly string[]): string {
  return `max without (instance) (${of(metric, ...matchers)})`;
}

/** Of the hosts that a gauge counts, those that are down: neither up for any agent nor unknown to all. */
export function down(hosts: string, ...matchers: readonly string[]): string {
  const unknown = `min without (instance) (${of(`${hosts}_unknown`, ...matchers)})`;
  return `${once(hosts, ...matchers)} - ${once(`${hosts}_up`, ...matchers)} - ${unknown}`;
}

/**
 * Alerts of the chosen agents. One about what a site says has no `instance`, and one about agents that are not there has no
 * other label of them either.
 */
export function chosenAlerts(...matchers: readonly string[]): string {
  const target = ['job=~"$job|"', 'site=~"$site|"', 'instance=~"$instance|"'];
  return `ALERTS{${['alertname=~"Kms.+"', ...target, ...matchers].join(', ')}}`;
}

/** Alerts with the label `agent`, whose pages tell more: the agent that they are about, else one of the site that answers. */
export function withAgent(alerts: string): string {
  const named = (expression: string) => `label_replace(${expression}, "agent", "$1", "instance", "(.+)")`;
  const agents = `topk by (job, site) (1, ${named(of('kmswatch_build_info'))})`;
  const others = `group by (job, site) (${chosenAlerts()})`;
  return named(`(\n${alerts}\n) * on (job, site) group_left (agent) (${agents} or on (job, site) ${others})`);
}

/**
 * The mean of what a summary measured between two points of a graph.
 * @param label what the result has a series for, beside the site
 */
export function mean(label: string, summary: string, ...matchers: readonly string[]): string {
  const rate = (part: string) =>
    `sum by (job, site, ${label}) (rate(${of(`${summary}_${part}`, ...matchers)}[$__rate_interval]))`;
  return `${rate('sum')} / ${rate('count')}`;
}

/**
 * The share of attempts that failed, where any did: of several agents, that of the one with the most.
 * @param thing the label of what is tried
 * @param reason the label of the counter of failures that says how they failed
 */
export function shareOf(
  thing: string,
  reason: string,
  failures: string,
  attempts: string,
  ...matchers: readonly string[]
): string {
  const agent = `job, site, instance, ${thing}`;
  const failed = `sum by (${agent}, ${reason}) (increase(${of(failures, ...matchers)}[$__rate_interval]))`;
  const tried = `sum by (${agent}) (increase(${of(attempts, ...matchers)}[$__rate_interval]))`;
  return `max by (job, site, ${thing}, ${reason}) (${failed} / on (${agent}) group_left () ${tried}) > 0`;
}

/** Matchers for the variables of a dashboard. */
export const DOMAIN = 'domain=~"$domain"';
export const HOST = 'host=~"$host"';
export const CLASS = 'class=~"$class"';

/** Grafana's date units take milliseconds. */
export function asDate(expression: string): string {
  return `${expression} * 1000`;
}

/** A Grafana variable, as written in links and references. */
export function variable(name: string): string {
  return `\${${name}}`;
}

/** Values of `HOST_TEXTS`, for each host and port of a site: who answers and should not is not up. */
export function hostState(...selectors: readonly string[]): string {
  const at = 'by (job, site, host, port)';
  const up = `max ${at} (${of('kms_host_up', ...selectors)})`;
  const impostor = `(min ${at} (${of('kms_host_genuine', ...selectors)}) == 0) + 3`;
  const unexpected = `(max ${at} (${of('kms_dns_srv_record_unexpected', ...selectors)}) == 1) + 1`;
  return `${up} == 0 or ${impostor} or ${unexpected} or ${up}`;
}
