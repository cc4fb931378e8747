import { stringify } from 'yaml';
import { formatDuration } from '../../kernel/duration.ts';
import { CATALOGUE } from '../catalogue.ts';
import { CONDITION_GROUPS, type Condition } from '../condition.ts';
import { AGENT_OF_GRAFANA, annotationsOf } from './annotations.ts';

const HEAD = `# Alert rules that Grafana evaluates itself, made from the catalogue of conditions by \`npm run docs\`; do not edit.
# Put this file into provisioning/alerting and change the data source's uid "prometheus" to yours. Use either these
# rules or kmswatch.rules.yml, not both.
`;

/** Grafana calls an alert by the title of its rule, whatever its labels say, and a title is there once in a folder. */
const FOLDERS = ['KMS', 'KMS (variants)'] as const;

/** How far back an instant query may look, in seconds. */
const LOOK_BACK = 600;

/** `alerts/grafana/kmswatch.yml`, in the form of Grafana's file provisioning. */
export function grafanaRules(): string {
  const groups = FOLDERS.flatMap((folder) =>
    CONDITION_GROUPS.map((group) => ({
      orgId: 1,
      name: `kmswatch-${group}`,
      folder,
      interval: '1m',
      rules: CATALOGUE.filter((each) => each.group === group && folderOf(each) === folder).map(ruleOf),
    })),
  ).filter(({ rules }) => rules.length > 0);
  return HEAD + stringify({ apiVersion: 1, groups }, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The first condition of a name is in the first folder. */
function folderOf(condition: Condition): (typeof FOLDERS)[number] | undefined {
  const alike = CATALOGUE.filter(({ name }) => name === condition.name);
  return FOLDERS[alike.indexOf(condition)];
}

function ruleOf(condition: Condition) {
  const { name, severity, variant, hold, keepFiring, promql } = condition;
  return {
    uid: uidOf(name, severity, variant),
    title: name,
    condition: 'B',
    data: [
      query('A', 'prometheus', { expr: promql, instant: true, range: false }),
      // Every series that the query returns is a fault, whatever its value.
      query('B', '__expr__', { type: 'math', expression: 'is_number($A)' }),
    ],
    for: formatDuration(hold),
    ...(keepFiring === undefined ? {} : { keepFiringFor: formatDuration(keepFiring) }),
    // If all is well, the query returns no series.
    noDataState: 'OK',
    execErrState: 'Error',
    labels: { severity, ...condition.labels },
    annotations: Object.fromEntries(
      Object.entries(annotationsOf(condition, AGENT_OF_GRAFANA, false)).map(([key, text]) => [key, grafana(text)]),
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
function uidOf(name: string, severity: string, variant: string | undefined): string {
  const kebab = name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  return variant === undefined ? `${kebab}-${severity}` : `${kebab}-${variant}`;
}
