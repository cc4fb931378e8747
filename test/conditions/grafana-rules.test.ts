import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import { formatDuration } from '../../src/kernel/duration.ts';
import { REPOSITORY } from '../support/agent.ts';

/**
 * The schema of Grafana's file provisioning, from its decoder (grafana/grafana, pkg/services/provisioning/alerting/
 * rules_types.go). A key that it does not know is a mistake here.
 */
const Query = z.strictObject({
  refId: z.string(),
  datasourceUid: z.string(),
  relativeTimeRange: z.strictObject({ from: z.int(), to: z.int() }),
  model: z.looseObject({ refId: z.string() }),
});
const Rule = z.strictObject({
  // It cuts nothing: a longer one is refused.
  uid: z.string().min(1).max(40),
  // Environment variables are put into titles and labels, with or without braces.
  title: z.string().regex(/^[^$]+$/),
  condition: z.string(),
  data: z.array(Query).min(1),
  for: z.string().regex(/^\d+[smhd]$/),
  noDataState: z.enum(['OK', 'NoData', 'Alerting', 'KeepLast']),
  execErrState: z.enum(['OK', 'Error', 'Alerting', 'KeepLast']),
  labels: z.record(z.string(), z.string().regex(/^[^$]*$/)),
  // In annotations, only with braces.
  annotations: z.record(
    z.string(),
    z.string().refine((text) => !text.includes('${')),
  ),
});
const File = z.strictObject({
  apiVersion: z.literal(1),
  groups: z.array(
    z.strictObject({
      orgId: z.literal(1),
      name: z.string(),
      folder: z.string(),
      interval: z.string(),
      rules: z.array(Rule).min(1),
    }),
  ),
});

describe('the rules for Grafana', () => {
  const file = parse(readFileSync(join(REPOSITORY, 'alerts/grafana/kmswatch.yml'), 'utf8'));
  const { groups } = File.parse(file);
  const rules = groups.flatMap((group) => group.rules);

  it('are each there once, with the hold and the query of the catalogue', () => {
    const wanted = CATALOGUE.map(({ name, severity, hold, promql }) => [
      `${name} (${severity})`,
      formatDuration(hold),
      promql,
    ]);
    const found = rules.map((rule) => [rule.title, rule.for, rule.data[0]?.model['expr']]);
    expect(found.sort()).toEqual(wanted.sort());
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
  });

  it('judge by a query that there is', () => {
    for (const { condition, data } of rules) expect(data.map(({ refId }) => refId)).toContain(condition);
  });

  it('take the number from the query, as $value is a text there', () => {
    for (const { annotations } of rules) expect(annotations['summary']).not.toMatch(/\$value\b(?!s)/);
  });
});
