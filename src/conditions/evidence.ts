import type { ProbeOutcome } from '../probe/types.ts';
import { OUTCOME_REMEDIES } from './outcome-remedies.ts';

/**
 * What the agent has in its texts and an alert of Prometheus has not in its labels, asked from Prometheus while it writes
 * the alert: templates of annotations. Grafana's templates cannot ask.
 */

/** A query for the site of the alert; `SITE` is replaced by the selector of its agents. */
function forEach(query: string, labels: readonly string[], text: string): string {
  const args = labels.map((label) => `$labels.${label}`);
  const sites = query.split('SITE').length - 1;
  const values = [...new Array(sites).fill('$labels.job $labels.site'), ...args].join(' ');
  return `{{ range query (printf ${JSON.stringify(query.replaceAll('SITE', 'job=%q,site=%q'))} ${values}) }}${text}{{ end }}`;
}

/** The remedy for the outcome of a probe. */
const REMEDY = Object.entries(OUTCOME_REMEDIES satisfies Record<ProbeOutcome, string>)
  .map(([outcome, remedy], index) => `{{ ${index === 0 ? 'if' : 'else if'} eq .Labels.outcome "${outcome}" }}${remedy}`)
  .join('')
  .concat('{{ end }}');

/** Hosts that one alert tells of one by one. */
const MOST_TOLD = 5;

/** How each host of a domain fails, and what to do about it; of all hosts for an alert without a domain. */
export const DOWN_HOSTS = forEach(
  `topk(${MOST_TOLD}, max by (host, port, outcome) (kms_host_probe_outcome{SITE} == 1 and on (instance, host, port) kms_domain_endpoint_info{SITE,domain=~%q}))`,
  [],
  ` {{ .Labels.host }}:{{ .Labels.port }} is {{ .Labels.outcome }}. ${REMEDY}`,
).replace('$labels.job $labels.site)', '$labels.job $labels.site (or $labels.domain ".*"))');

/** How a host and port fails, and what to do about it. */
export const DOWN_ENDPOINT = forEach(
  'max by (outcome) (kms_host_probe_outcome{SITE,host=%q,port=%q} == 1)',
  ['host', 'port'],
  ` The last probe: {{ .Labels.outcome }}. ${REMEDY}`,
);

/** The hosts that no domain publishes. */
export const UNPUBLISHED_HOSTS = forEach(
  `topk(${MOST_TOLD}, max by (host) (kms_host_published{SITE} == 0))`,
  [],
  ' {{ .Labels.host }} is known and published nowhere.',
);

/** The records that only some name servers have, and which. */
export const PARTIAL_RECORDS = forEach(
  `topk(${MOST_TOLD}, max by (host, port, servers) (kms_dns_srv_record_servers_info{SITE,domain=%q}))`,
  ['domain'],
  ' Only {{ .Labels.servers }} has {{ .Labels.host }}:{{ .Labels.port }}.',
);

/** The agents of a site that do not answer. */
export const SILENT_AGENTS = forEach(
  `topk(${MOST_TOLD}, up{SITE} == 0)`,
  [],
  ' Prometheus does not reach {{ .Labels.instance }}.',
);

/** How many clients of a class the hosts of a domain have counted. */
export const COUNTS = forEach(
  `topk by (class) (${MOST_TOLD}, max by (host, class) ((kms_host_threshold_margin{SITE} + on (job, site, instance, class) group_left kms_activation_threshold{SITE}) and on (instance, host) kms_domain_host_info{SITE,domain=%q}))`,
  ['domain'],
  '{{ if eq .Labels.class $labels.class }} {{ .Labels.host }} counts {{ .Value }}.{{ end }}',
);

/** What the last hour's requests to a host failed with. */
export const FAILURES = forEach(
  `topk(${MOST_TOLD}, max by (result) (sum by (instance, result) (kms_requests_last_hour{SITE,result!="ok",host=%q})) > 0)`,
  ['host'],
  ' Requests that failed with {{ .Labels.result }}: {{ .Value }}.',
);
