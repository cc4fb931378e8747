import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadConfig } from './load.ts';
import { printConfig } from './print.ts';
import { type Config, ConfigSchema, defaultConfig } from './schema.ts';

function load(text: string): Config {
  const loaded = loadConfig(text, '/');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

test('prints durations as text and keys in the order of the schema', () => {
  expect(printConfig(defaultConfig())).toMatchInlineSnapshot(`
    "discovery:
      schedule: "*/5 * * * *"
      timeout: 2s
      attempts: 2
    hosts: []
    probe:
      enabled: true
      schedule: "* * * * *"
      timeout: 5s
      concurrency: 512
      impostor_schedule: 17 * * * *
    reports:
      schedule: "*/5 * * * *"
      timeout: 30s
      stale_after: 15m
    activations:
      stale_after: 3d
    thresholds:
      client: 25
      server: 5
      office: 5
    warn_margins:
      client: 5
      server: 1
      office: 1
    leases:
      validity: 180d
      renewal_interval: 7d
      activation_interval: 2h
      warn: 30d
      critical: 7d
      forget_after: 365d
      series_limit: 50
      tolerate: 5%
      stalled: 20%
      quiet_periods: []
      ephemeral: []
    products: []
    store:
      path: kmswatch.db
      history: 400d
    ingest:
      max_body: 64MiB
    inventory:
      files: []
      stale_after: 8d
      alive: 30d
      gone: 90d
    web:
      listen:
        - 127.0.0.1:11688
      telemetry_path: /metrics
      probe_allow: []
      pages:
        enabled: true
        users: []
    notify: []
    log:
      level: info
      format: json
    "
  `);
});

test('what is printed of the example is the example', () => {
  const example = load(readFileSync(new URL('../../config/kmswatch.example.yml', import.meta.url), 'utf8'));
  expect(load(printConfig(example))).toEqual(example);
});

test('what is printed is read back as the same configuration', () => {
  const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const domain = fc.record({ name, expected_hosts: fc.uniqueArray(name) }, { requiredKeys: ['name'] });
  const config = fc.record(
    {
      discovery: fc.record(
        {
          domains: fc.uniqueArray(fc.oneof(name, domain), {
            selector: (entry) => (typeof entry === 'string' ? entry : entry.name),
          }),
          servers: fc.uniqueArray(fc.oneof(fc.ipV4(), fc.ipV6()), { minLength: 1, maxLength: 3 }),
          timeout: fc.integer({ min: 50, max: 60_000 }).map((milliseconds) => `${milliseconds}ms`),
        },
        { requiredKeys: [] },
      ),
      hosts: fc.uniqueArray(fc.record({ name, port: fc.integer({ min: 1, max: 65535 }) }, { requiredKeys: ['name'] }), {
        selector: (host) => host.name,
      }),
      store: fc.record({ path: fc.constantFrom('a: b', '#', '*x', "it's", 'true', ' x ', '5') }),
      web: fc.record({ listen: fc.constantFrom([':0'], ['[::1]:1', 'localhost:2']) }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(config, (value) => {
      const first = loadConfig(JSON.stringify(value), '/');
      // An IPv6 address can be an IPv4 one in another form; such repeats are a mistake of the input.
      fc.pre(first.ok);
      expect(first.ok && load(printConfig(first.value))).toEqual(first.ok && first.value);
    }),
  );
});

test('no secret is printed, and what is printed in its place is no secret', () => {
  const text = printConfig(
    ConfigSchema.parse({
      hosts: [{ name: 'kms01', report: { push: { token: 'hunter2' } } }],
      notify: [{ webhook: { url: 'https://hooks.example.com/hunter2' } }],
    }),
  );
  expect(text).not.toContain('hunter2');
  const loaded = loadConfig(text, '/');
  expect(loaded.ok ? [] : loaded.error.map(({ path }) => path)).toEqual([
    'hosts[0].report.push.token',
    'notify[0].webhook.url',
  ]);
});

test('secrets of hosts are printed as such', () => {
  const winrm = { url: 'https://kms02/wsman', auth: 'basic', username: 'mon', password: 'hunter2' };
  const hosts = [
    { name: 'kms01', report: { push: { token: 'hunter2' } } },
    { name: 'kms02', report: { winrm }, activations: { winrm } },
  ];
  const text = printConfig(ConfigSchema.parse({ hosts }));
  expect(text).not.toContain('hunter2');
  expect(text.match(/<secret>/g)).toHaveLength(3);
});

test('a secret in the file is printed as such', () => {
  const text = printConfig(ConfigSchema.parse({ ingest: { token: 'hunter2' } }));
  expect(text).not.toContain('hunter2');
  expect(text).toContain('token: <secret>');
});
