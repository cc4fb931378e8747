import type { Metric } from './metric.ts';
import { METRIC_GROUPS } from './metrics-table.ts';

/** `docs/metrics.md`, from the metrics table. */
export function metricsDocument(): string {
  return [
    '# Metrics',
    '',
    'Made from the metrics table by `npm run docs`; do not edit. States are one series each, 0 or 1. Samples carry no',
    'timestamps. A value that is older than three times its schedule is withdrawn, with everything derived from it;',
    '`_timestamp_seconds` and `_total` stay. Beside these there are the metrics of the process (`process_*`) and of',
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
