import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dashboardFiles } from '../../dashboards/source/all.ts';
import { alertsPage } from '../../src/conditions/documents/alerts-page.ts';
import { grafanaRules } from '../../src/conditions/documents/grafana-rules.ts';
import { prometheusRules } from '../../src/conditions/documents/prometheus-rules.ts';
import { runbookPages } from '../../src/conditions/documents/runbook-pages.ts';
import { metricsDocument } from '../../src/exposition/document.ts';
import { barsPage } from './bars-page.ts';

/** Files of the repository that are made from tables in the code, by their paths from its top. */
export const GENERATED: Readonly<Record<string, () => string>> = {
  'docs/metrics.md': metricsDocument,
  'docs/alerts.md': () => alertsPage(barsPage()),
  'alerts/kmswatch.rules.yml': prometheusRules,
  'alerts/grafana/kmswatch.yml': grafanaRules,
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
