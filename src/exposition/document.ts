import type { Metric } from './metric.ts';
import { METRIC_GROUPS } from './metrics-table.ts';

/** `docs/metrics.md`, from the metrics table. */
export function metricsDocument(): string {
  return [
    '# Metrics',
    '',
    'Made from the metrics table by `npm run docs`; do not edit. Each state is a series with the value 0 or 1. Samples have no',
    'timestamps. A value older than three times its schedule is withdrawn, and so is everything derived from it, except',
    '`_timestamp_seconds` and `_total`. The page also has the metrics of the process (`process_*`) and of',
    'Node.js (`nodejs_*`).',
    '',
    'Labels: `domain` and `server` (name server) as configured; `host` in lower case, without a trailing dot, aliases',
    "folded into the host's name; `port`.",
    ...METRIC_GROUPS.flatMap(({ title, metrics }) => ['', `## ${title}`, '', ...tableOf(metrics)]),
    '',
  ].join('\n');
}

function tableOf(metrics: readonly Metric[]): readonly string[] {
  return [
    '| metric | type | labels | meaning |',
    '| --- | --- | --- | --- |',
    ...metrics.map(({ name, type, labels, help }) => {
      const names = labels.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${type} | ${names} | ${help} |`;
    }),
  ];
}
