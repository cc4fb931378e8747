import { expect, test } from 'vitest';
import { z } from 'zod';
import { Secret } from '../kernel/secret.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/time.ts';
import { ConfigSchema, defaultConfig } from './schema.ts';

test('every key has its default', () => {
  expect(defaultConfig()).toEqual({
    discovery: { schedule: '*/5 * * * *', timeout: 2 * SECOND_MS, attempts: 2 },
    hosts: [],
    probe: {
      enabled: true,
      schedule: '* * * * *',
      timeout: 5 * SECOND_MS,
      concurrency: 512,
      impostor_schedule: '17 * * * *',
    },
    reports: { schedule: '*/5 * * * *', timeout: 30 * SECOND_MS, stale_after: 15 * MINUTE_MS },
    activations: { stale_after: 3 * DAY_MS },
    thresholds: { client: 25, server: 5, office: 5 },
    warn_margins: { client: 5, server: 1, office: 1 },
    leases: {
      validity: 180 * DAY_MS,
      renewal_interval: 7 * DAY_MS,
      activation_interval: 2 * HOUR_MS,
      warn: 30 * DAY_MS,
      critical: 7 * DAY_MS,
      forget_after: 365 * DAY_MS,
      series_limit: 50,
      tolerate: { share: 0.05 },
      stalled: 0.2,
      quiet_periods: [],
      ephemeral: [],
    },
    products: [],
    store: { path: 'kmswatch.db', history: 400 * DAY_MS },
    ingest: { max_body: 64 * 2 ** 20 },
    inventory: { files: [], stale_after: 8 * DAY_MS, alive: 30 * DAY_MS, gone: 90 * DAY_MS },
    web: {
      listen: [{ host: '127.0.0.1', port: 11688 }],
      telemetry_path: '/metrics',
      probe_allow: [],
      pages: { enabled: true, users: [] },
    },
    notify: [],
    log: { level: 'info', format: 'json' },
  });
});

/** A value of each kind that the defaults do not have. */
const FULL = {
  hosts: [
    { name: 'a', aliases: [], report: { push: { token: 'hunter2' } } },
    { name: 'b', aliases: [], report: { command: ['ssh', 'b', 'x y'] } },
    {
      name: 'c',
      aliases: [],
      activations: {
        winrm: { auth: 'basic', url: 'https://c/wsman', insecure: false, username: 'mon', password: 'hunter2' },
      },
    },
  ],
  leases: { tolerate: 12, stalled: '2.5%', quiet_periods: [{ from: '2026-12-19', to: '2026-12-19' }] },
  products: [{ activation_id: '2de67392-b7a7-462a-b1ca-108dd189f588', name: 'Windows', class: 'client' }],
  ingest: { token_file: '/t', max_body: '512KiB' },
  web: {
    config_file: '/etc/kmswatch/web.yml',
    probe_allow: ['10.0.0.0/8', 'kms01:1689', '*.lab.example.com'],
    pages: { enabled: false, users: ['ada'] },
  },
  notify: [
    { webhook: { url: 'https://hooks.example.com/hunter2', format: 'slack' } },
    { alertmanager: { urls: ['http://127.0.0.1:9093'] } },
  ],
};

test('values of every kind are read', () => {
  const config = ConfigSchema.parse(FULL);
  expect(config.hosts[0]?.report?.push?.token?.reveal()).toBe('hunter2');
  expect(config.notify[0]?.webhook?.url).toBeInstanceOf(Secret);
  expect(config.leases).toMatchObject({ tolerate: { count: 12 }, stalled: 0.025 });
  expect(config.ingest.max_body).toBe(512 * 1024);
});

test('values of every kind are written back as they were, without their secrets', () => {
  const written = z.encode(ConfigSchema, ConfigSchema.parse(FULL));
  const expected: unknown = JSON.parse(
    JSON.stringify(FULL).replace('https://hooks.example.com/hunter2', '<secret>').replaceAll('hunter2', '<secret>'),
  );
  expect(written).toMatchObject(expected as object);
});
