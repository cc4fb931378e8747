import type { Metric } from './metric.ts';
import { METRIC_GROUPS } from './metrics-table.ts';

/** `docs/metrics.md`, from the metrics table. */
export function metricsDocument(): string {
  return [
    '# Metrics',
    '',
    'Generated from the metrics table by `npm run docs`; do not edit. Each state is its own series, with the value',
    '0 or 1. Samples have no timestamps. A value that is older than three times its schedule is withdrawn, together with',
    'everything derived from it; `_timestamp_seconds` and `_total` stay. The agent also exports metrics of its process',
    '(`process_*`) and of Node.js (`nodejs_*`).',
    '',
    'Labels: `domain` and `server` (the name server) are as configured. `host` is in lower case, without a trailing dot;',
    "aliases are replaced by the host's name. `port` is the TCP port.",
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
