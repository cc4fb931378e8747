import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { REPOSITORY } from './support/agent.ts';
import { bound, CONFIG, filesBelow, outside, services } from './support/compose.ts';

/**
 * The schema of Grafana's file provisioning. Sources: grafana.com/docs/grafana/latest/administration/provisioning and
 * .../alerting/set-up/provision-alerting-resources/file-provisioning.
 */
const DataSources = z.strictObject({
  apiVersion: z.literal(1),
  datasources: z.array(
    z.strictObject({
      name: z.string(),
      uid: z.string().max(40),
      type: z.enum(['prometheus', 'alertmanager']),
      access: z.literal('proxy'),
      url: z.url(),
      isDefault: z.boolean().optional(),
      editable: z.literal(false),
      jsonData: z.union([
        z.strictObject({ httpMethod: z.enum(['GET', 'POST']), timeInterval: z.string() }),
        z.strictObject({ implementation: z.enum(['prometheus', 'mimir']), handleGrafanaManagedAlerts: z.boolean() }),
      ]),
    }),
  ),
});
const Dashboards = z.strictObject({
  apiVersion: z.literal(1),
  providers: z.array(
    z.strictObject({
      name: z.string(),
      orgId: z.literal(1),
      folder: z.string(),
      type: z.literal('file'),
      disableDeletion: z.boolean(),
      allowUiUpdates: z.boolean(),
      updateIntervalSeconds: z.int(),
      options: z.strictObject({ path: z.string() }),
    }),
  ),
});
const Route = z.strictObject({
  receiver: z.string(),
  object_matchers: z.array(z.tuple([z.string(), z.enum(['=', '!=', '=~', '!~']), z.string()])),
  mute_time_intervals: z.array(z.string()),
});
const Notifications = z.strictObject({
  apiVersion: z.literal(1),
  contactPoints: z.array(
    z.strictObject({
      orgId: z.literal(1),
      name: z.string(),
      receivers: z.array(
        z.strictObject({
          uid: z.string().max(40),
          type: z.literal('prometheus-alertmanager'),
          settings: z.strictObject({ url: z.url() }),
        }),
      ),
    }),
  ),
  muteTimes: z.array(
    z.strictObject({
      orgId: z.literal(1),
      name: z.string(),
      time_intervals: z.array(
        z.strictObject({ times: z.array(z.strictObject({ start_time: z.string(), end_time: z.string() })) }),
      ),
    }),
  ),
  policies: z.tuple([
    // The root cannot be muted.
    z.strictObject({
      orgId: z.literal(1),
      receiver: z.string(),
      group_by: z.array(z.string()),
      routes: z.array(Route),
    }),
  ]),
});

describe('what Grafana is given', () => {
  const provisioned = (path: string) => outside('grafana', `/etc/grafana/provisioning/${path}`);
  const sources = DataSources.parse(parse(readFileSync(provisioned('datasources/kmswatch.yml'), 'utf8'))).datasources;
  const notifications = Notifications.parse(
    parse(readFileSync(provisioned('alerting/notifications.yml'), 'utf8'), { version: '1.1' }),
  );
  const rules = parse(readFileSync(provisioned('alerting/kmswatch.yml'), 'utf8'));

  it('is no file that it stumbles over: it takes YAML alone', () => {
    const inFolder = bound.filter(({ service, target }) => service === 'grafana' && target.includes('/provisioning/'));
    const files = inFolder.flatMap(({ source }) => (statSync(source).isFile() ? [source] : filesBelow(source)));
    expect(files.map((file) => basename(file)).filter((name) => !/\.ya?ml$/.test(name))).toEqual([]);
    expect(filesBelow(join(CONFIG, 'grafana')).filter((file) => !files.includes(file))).toEqual([]);
  });

  it('is one data source, which the rules name', () => {
    expect(sources.filter(({ isDefault }) => isDefault).map(({ uid }) => uid)).toEqual(['prometheus']);
    const named = [...JSON.stringify(rules).matchAll(/"datasourceUid":"(\w+)"/g)].map(([, uid]) => uid);
    expect(new Set(named)).toEqual(new Set(['prometheus', '__expr__']));
  });

  it('is every dashboard', () => {
    const file = readFileSync(provisioned('dashboards/kmswatch.yml'), 'utf8');
    const paths = Dashboards.parse(parse(file)).providers.map(({ options }) => outside('grafana', options.path));
    expect(paths).toEqual([join(REPOSITORY, 'dashboards')]);
    const home = services['grafana']?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '';
    expect(existsSync(outside('grafana', home))).toBe(true);
  });

  it('tells nobody of what Prometheus tells already', () => {
    const [{ receiver, routes }] = notifications.policies;
    const points = notifications.contactPoints.map(({ name }) => name);
    expect([receiver, ...routes.map((route) => route.receiver)].filter((name) => !points.includes(name))).toEqual([]);
    const folders: string[] = rules.groups.map(({ folder }: { folder: string }) => folder);
    const muted = routes.filter(({ object_matchers: [matcher] }) => matcher?.[0] === 'grafana_folder');
    const patterns = muted.map(
      ({ object_matchers: [matcher] }) => [matcher?.[1], new RegExp(`^(?:${matcher?.[2]})$`)] as const,
    );
    expect(patterns.map(([type]) => type)).toEqual(['=~']);
    expect(folders.filter((folder) => !patterns.some(([, pattern]) => pattern.test(folder)))).toEqual([]);
    const always = [{ times: [{ start_time: '00:00', end_time: '24:00' }] }];
    for (const { mute_time_intervals: names } of muted) {
      const times = notifications.muteTimes.filter(({ name }) => names.includes(name));
      expect(times.map(({ time_intervals }) => time_intervals)).toEqual([always]);
    }
  });
});
