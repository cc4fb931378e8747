import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dashboardFiles } from '../../dashboards/source/all.ts';
import {
  alertmanagerConfig,
  alertmanagerOfCompose,
  alertmanagerTeamsConfig,
} from '../../src/conditions/documents/alertmanager-config.ts';
import { alertsPage } from '../../src/conditions/documents/alerts-page.ts';
import { grafanaInhibition } from '../../src/conditions/documents/grafana-inhibition.ts';
import { grafanaRules } from '../../src/conditions/documents/grafana-rules.ts';
import { prometheusOperatorRule } from '../../src/conditions/documents/prometheus-operator-rule.ts';
import { prometheusRules } from '../../src/conditions/documents/prometheus-rules.ts';
import { runbookPages } from '../../src/conditions/documents/runbook-pages.ts';
import { configJsonSchema } from '../../src/config/json-schema/json-schema.ts';
import { metricsDocument } from '../../src/exposition/document.ts';
import { barsPage } from './bars-page.ts';

/** Files of the repository that are made from tables in the code, by their paths from its top. */
export const GENERATED: Readonly<Record<string, () => string>> = {
  'docs/metrics.md': metricsDocument,
  'config/kmswatch.schema.json': () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  'docs/alerts.md': () => alertsPage(barsPage()),
  'alerts/kmswatch.rules.yml': prometheusRules,
  'config/alertmanager.example.yml': alertmanagerConfig,
  'config/compose/alertmanager/alertmanager.yml': alertmanagerOfCompose,
  'config/alertmanager-teams.example.yml': alertmanagerTeamsConfig,
  'alerts/grafana/kmswatch.yml': grafanaRules,
  'alerts/grafana/inhibition-rules.ndjson': grafanaInhibition,
  'config/kubernetes/prometheus-operator/prometheusrule.yaml': prometheusOperatorRule,
  ...Object.fromEntries([...runbookPages()].map(([name, page]) => [name, () => page])),
  ...dashboardFiles(),
};

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

export function committed(name: string): string {
  return readFileSync(pathOf(name), 'utf8');
}

/** `npm run docs`. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, make] of Object.entries(GENERATED)) writeFileSync(pathOf(name), make());
}
