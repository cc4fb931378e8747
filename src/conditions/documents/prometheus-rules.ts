import { stringify } from 'yaml';
import { formatDuration } from '../../kernel/duration.ts';
import { CATALOGUE } from '../catalogue.ts';
import { CONDITION_GROUPS, type Condition } from '../condition.ts';
import { UNJUDGED, UNJUDGED_RECORD } from '../feed-promql.ts';
import { annotationsOf, REACHABLE_AGENT } from './annotations.ts';

const HEAD = `# Alert rules for Prometheus 2.42 or later, made from the catalogue of conditions by \`npm run docs\`; do not edit.
# docs/alerts.md and docs/runbooks explain each alert and its remedy. runbook_url leads to an agent of the site: to its
# web.external_url, else to the address at which Prometheus scrapes it. Page either from these rules or from kmswatch
# itself (notify), not from both. Two agents of one site (the same job, the same label site or none) make one alert.
`;

/** `alerts/kmswatch.rules.yml`. */
export function prometheusRules(): string {
  const groups = [
    {
      name: 'kmswatch-judged-by-logs',
      rules: [
        { record: UNJUDGED_RECORD, expr: UNJUDGED },
        ...CATALOGUE.filter(({ recorded }) => recorded !== undefined).map(ruleOf),
      ],
    },
    ...CONDITION_GROUPS.map((group) => ({
      name: `kmswatch-${group}`,
      rules: CATALOGUE.filter((condition) => condition.group === group && condition.recorded === undefined).map(ruleOf),
    })),
  ];
  return HEAD + stringify({ groups }, { lineWidth: 0 });
}

function ruleOf(condition: Condition) {
  const { name, severity, hold, keepFiring, promql, recorded } = condition;
  return {
    alert: name,
    expr: recorded ?? promql,
    for: formatDuration(hold),
    ...(keepFiring === undefined ? {} : { keep_firing_for: formatDuration(keepFiring) }),
    labels: { severity, ...condition.labels },
    annotations: annotationsOf(condition, REACHABLE_AGENT, true),
  };
}
