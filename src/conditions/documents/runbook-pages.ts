import { formatDuration } from '../../kernel/duration.ts';
import { CATALOGUE, runbookOf } from '../catalogue.ts';
import type { Condition } from '../condition.ts';

/** A page for each name, by its path from the top of the package. */
export function runbookPages(): ReadonlyMap<string, string> {
  const names = [...new Set(CATALOGUE.map(({ name }) => name))];
  return new Map(names.map((name) => [runbookOf(name), pageOf(CATALOGUE.filter((each) => each.name === name))]));
}

function pageOf(conditions: readonly Condition[]): string {
  const [first] = conditions;
  if (first === undefined) return '';
  const { name, runbook } = first;
  return `${[
    `# ${name}`,
    ...conditions.flatMap((condition) => ['', introduction(condition), '', '```promql', condition.promql, '```']),
    '',
    '## Meaning',
    '',
    runbook.meaning,
    '',
    '## Impact',
    '',
    runbook.impact,
    '',
    '## Diagnosis',
    '',
    ...runbook.diagnosis.map((step, index) => `${index + 1}. ${step}`),
    '',
    '## Mitigation',
    '',
    ...runbook.mitigation.map((step) => `* ${step}`),
    '',
    '[All alerts](../alerts.md)',
  ].join('\n')}\n`;
}

function introduction({ severity, hold, keepFiring, evaluate }: Condition): string {
  const kept = keepFiring === undefined ? '' : `, and for ${formatDuration(keepFiring)} once it no longer holds`;
  const since = `after ${formatDuration(hold)}${kept}`;
  const who = evaluate === undefined ? ' Only Prometheus can see this; the agent itself cannot.' : '';
  return `Severity: **${severity}**, ${since}.${who}`;
}
