import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import { EXPLANATIONS } from '../../src/conditions/causes.ts';
import { formatDuration } from '../../src/kernel/duration.ts';
import { describeWithPeers } from '../peers/peer.ts';
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
  // In this spelling: another key would be dropped without a word.
  // 1h1m as well: Grafana reads both with the function of Prometheus.
  keepFiringFor: z
    .string()
    .regex(/^(?:\d+h)?(?:\d+m)?$/)
    .optional(),
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

/** Its resource, from the schema of Grafana (apps/alerting/notifications/kinds/v1beta1/inhibitionrule_spec.cue). */
const Matcher = z.strictObject({ type: z.enum(['=', '!=', '=~', '!~']), label: z.string(), value: z.string() });
const Inhibition = z.strictObject({
  apiVersion: z.literal('notifications.alerting.grafana.app/v1beta1'),
  kind: z.literal('InhibitionRule'),
  metadata: z.strictObject({ name: z.string().regex(/^[a-z0-9-]+$/) }),
  spec: z.strictObject({
    source_matchers: z.array(Matcher).min(1),
    target_matchers: z.array(Matcher).min(1),
    equal: z.array(z.string()),
  }),
});

describe('the rules for Grafana', () => {
  const file = parse(readFileSync(join(REPOSITORY, 'alerts/grafana/kmswatch.yml'), 'utf8'));
  const { groups } = File.parse(file);
  const rules = groups.flatMap((group) => group.rules);

  it('are each there once, with the hold and the query of the catalogue', () => {
    const wanted = CATALOGUE.map(({ name, hold, promql }) => [name, formatDuration(hold), promql]);
    const found = rules.map((rule) => [rule.title, rule.for, rule.data[0]?.model['expr']]);
    expect(found.sort()).toEqual(wanted.sort());
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
  });

  it('have the name of the alert as their title, each once in a folder: Grafana ignores a label alertname', () => {
    const titles = groups.flatMap(({ folder, rules: own }) => own.map(({ title }) => `${folder}/${title}`));
    expect(new Set(titles).size).toBe(rules.length);
    expect(rules.filter(({ labels }) => 'alertname' in labels)).toEqual([]);
    expect(new Set(groups.map(({ folder }) => folder)).size).toBe(2);
  });

  it('judge by a query that there is', () => {
    for (const { condition, data } of rules) expect(data.map(({ refId }) => refId)).toContain(condition);
  });

  it('take the number from the query, as $value is a text there', () => {
    for (const { annotations } of rules) expect(annotations['summary']).not.toMatch(/\$value\b(?!s)/);
  });
});

describeWithPeers('the inhibition rules for Grafana', ['curl'], () => {
  const requests: { method: string; url: string; token: string; body: string }[] = [];
  let server: Server;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, token: headers.authorization ?? '', body: Buffer.concat(parts).toString() });
      response.writeHead(method === 'DELETE' ? 404 : 201).end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const page = readFileSync(join(REPOSITORY, 'docs/alerts.md'), 'utf8');
    const [, script = ''] = /^```sh\n(api=.*?)^```$/ms.exec(page) ?? [];
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { ...process.env, TOKEN: 'of-a-service-account' };
    await promisify(execFile)('sh', ['-ec', script.replace('https://grafana.corp.example', at)], {
      cwd: REPOSITORY,
      env,
    });
  });
  afterAll(() => server?.close());

  it('are put in one by one by the documented command, instead of older ones of their names', () => {
    const posted = requests.filter(({ method }) => method === 'POST');
    const names = posted.map(({ body }) => Inhibition.parse(JSON.parse(body)).metadata.name);
    expect(new Set(names).size).toBe(EXPLANATIONS.length);
    const path = '/apis/notifications.alerting.grafana.app/v1beta1/namespaces/default/inhibitionrules';
    expect(requests.map(({ method, url, token }) => [method, url, token])).toEqual(
      names.flatMap((name) => [
        ['DELETE', `${path}/${name}`, 'Bearer of-a-service-account'],
        ['POST', path, 'Bearer of-a-service-account'],
      ]),
    );
  });

  it('say what those of Alertmanager say', () => {
    const { inhibit_rules } = parse(readFileSync(join(REPOSITORY, 'config/alertmanager.example.yml'), 'utf8'));
    const text = ({ label, type, value }: z.infer<typeof Matcher>) => `${label}${type}"${value}"`;
    const found = requests.flatMap(({ method, body }) => {
      if (method !== 'POST') return [];
      const { source_matchers, target_matchers, equal } = Inhibition.parse(JSON.parse(body)).spec;
      return [{ source_matchers: source_matchers.map(text), target_matchers: target_matchers.map(text), equal }];
    });
    expect(found).toEqual(inhibit_rules);
  });
});
