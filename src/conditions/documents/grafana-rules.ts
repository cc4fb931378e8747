import { stringify } from 'yaml';
import { formatDuration } from '../../kernel/duration.ts';
import { CATALOGUE } from '../catalogue.ts';
import { CONDITION_GROUPS, type Condition } from '../condition.ts';
import { annotationsOf } from './annotations.ts';

const HEAD = `# Alert rules that Grafana evaluates itself, made from the catalogue of conditions by \`npm run docs\`; do not edit.
# Put this file into provisioning/alerting and change the data source's uid "prometheus" to yours. Use either these
# rules or kmswatch.rules.yml, not both.
`;

/** How far back an instant query may look, in seconds. */
const LOOK_BACK = 600;

/** `alerts/grafana/kmswatch.yml`, in the form of Grafana's file provisioning. */
export function grafanaRules(): string {
  const groups = CONDITION_GROUPS.map((group) => ({
    orgId: 1,
    name: `kmswatch-${group}`,
    folder: 'KMS',
    interval: '1m',
    rules: CATALOGUE.filter((condition) => condition.group === group).map(ruleOf),
  }));
  return HEAD + stringify({ apiVersion: 1, groups }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function ruleOf(condition: Condition) {
  const { name, severity, hold, promql } = condition;
  return {
    uid: uidOf(name, severity),
    title: `${name} (${severity})`,
    condition: 'B',
    data: [
      query('A', 'prometheus', { expr: promql, instant: true, range: false }),
      // Every series that the query returns is a fault, whatever its value.
      query('B', '__expr__', { type: 'math', expression: 'is_number($A)' }),
    ],
    for: formatDuration(hold),
    // If all is well, the query returns no series.
    noDataState: 'OK',
    execErrState: 'Error',
    labels: { alertname: name, severity },
    annotations: Object.fromEntries(
      Object.entries(annotationsOf(condition)).map(([key, text]) => [key, grafana(text)]),
    ),
  };
}

function query(refId: string, datasourceUid: string, model: object) {
  return { refId, datasourceUid, relativeTimeRange: { from: LOOK_BACK, to: 0 }, model: { refId, ...model } };
}

/** In Grafana, `$value` is a text that lists everything; the number of the query is `$values.A.Value`. */
function grafana(template: string): string {
  return template.replaceAll('$value', '$values.A.Value');
}

/** At most 40 characters. */
function uidOf(name: string, severity: string): string {
  const kebab = name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  return `${kebab}-${severity}`;
}
