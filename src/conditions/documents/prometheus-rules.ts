import { stringify } from 'yaml';
import { formatDuration } from '../../kernel/duration.ts';
import { CATALOGUE } from '../catalogue.ts';
import { CONDITION_GROUPS, type Condition } from '../condition.ts';
import { annotationsOf } from './annotations.ts';
import { RECORDING_RULES } from './recording-rules.ts';

const HEAD = `# Alert rules for Prometheus 2.42 or later, made from the catalogue of conditions by \`npm run docs\`; do not edit.
# docs/alerts.md and docs/runbooks explain each alert and its remedy. runbook_url leads to the agent, by the address at
# which Prometheus scrapes it; docs/alerts.md says how to change that. Page either from these rules or from kmswatch
# itself (notify), not from both. KmswatchDown expects the scrape job to be called kmswatch.
`;

/** `alerts/kmswatch.rules.yml`. */
export function prometheusRules(): string {
  const groups = [
    { name: 'kmswatch-records', rules: RECORDING_RULES },
    ...CONDITION_GROUPS.map((group) => ({
      name: `kmswatch-${group}`,
      rules: CATALOGUE.filter((condition) => condition.group === group).map(ruleOf),
    })),
  ];
  return HEAD + stringify({ groups }, { lineWidth: 0 });
}

function ruleOf(condition: Condition) {
  const { name, severity, hold, promql } = condition;
  return {
    alert: name,
    expr: promql,
    ...(hold === 0 ? {} : { for: formatDuration(hold) }),
    labels: { severity },
    annotations: annotationsOf(condition),
  };
}
