import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dashboardFiles } from '../../dashboards/source/all.ts';
import { metricsDocument } from '../../src/exposition/document.ts';

/** Files of the repository that are made from tables in the code, by their paths from its top. */
export const GENERATED: Readonly<Record<string, () => string>> = {
  'docs/metrics.md': metricsDocument,
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
