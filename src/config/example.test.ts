import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadConfig } from './load.ts';
import type { Mistake } from './mistakes.ts';
import { ConfigSchema, defaultConfig } from './schema.ts';
import { loadWebSettings } from './web-file/web-settings.ts';

function read(name: string): string {
  return readFileSync(new URL(`../../config/${name}`, import.meta.url), 'utf8');
}

const EXAMPLE = read('kmswatch.example.yml');

/** A section that is commented out: lines from `# key:` on that begin with `# `, not with `##`. */
const SECTIONS = [...EXAMPLE.matchAll(/^# [a-z_]+:(?:.*\n# )*.*$/gm)].map(([section]) => section.replace(/^# /gm, ''));

function mistakesIn(text: string): Mistake[] {
  const loaded = loadConfig(text, '/etc/kmswatch');
  return loaded.ok ? [] : loaded.error;
}

test('the example is valid without a change', () => {
  expect(mistakesIn(EXAMPLE)).toEqual([]);
});

test.each(SECTIONS)('a section that is commented out is valid:\n%s', (section) => {
  expect(mistakesIn(section)).toEqual([]);
});

test('the example has every key that has a default, with its default', () => {
  const known = [EXAMPLE, ...SECTIONS].map((text): unknown => parse(text));
  const defaults: Record<string, unknown> = z.encode(ConfigSchema, defaultConfig());
  const has = (value: unknown, path: readonly string[]): boolean => {
    if (path.length === 0) return true;
    const [step = '', ...rest] = path;
    return typeof value === 'object' && value !== null && has(Reflect.get(value, step), rest) && step in value;
  };
  for (const [section, values] of Object.entries(defaults)) {
    const keys = Array.isArray(values) ? [] : Object.keys(values as object);
    for (const key of keys)
      expect(
        known.some((text) => has(text, [section, key])),
        `${section}.${key}`,
      ).toBe(true);
    expect(
      known.some((text) => has(text, [section])),
      section,
    ).toBe(true);
  }
});

test("Prometheus' example reads both addresses, with limits on what it takes in", () => {
  const jobs = z
    .object({ scrape_configs: z.array(z.looseObject({ body_size_limit: z.string(), sample_limit: z.number() })) })
    .parse(parse(read('prometheus.example.yml'))).scrape_configs;
  expect(jobs).toMatchObject([
    { job_name: 'kmswatch', static_configs: [{ targets: ['127.0.0.1:11688'] }] },
    { http_sd_configs: [{ url: 'http://127.0.0.1:11688/sd/hosts' }] },
  ]);
});

test('the example of a web configuration has nothing but the files that it names to find', async () => {
  const loaded = await loadWebSettings(new URL('../../config/web.example.yml', import.meta.url).pathname, {
    users: [],
  });
  expect(loaded.ok ? [] : loaded.error.map(({ path }) => path)).toEqual(['tls_server_config.cert_file']);
});

test('the unit starts node itself and may do no more than it needs', () => {
  const settings = new Map<string, string>();
  for (const line of read('kmswatch.service').split('\n')) {
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) expect(line).toMatch(/^(?:#.*|\[\w+\]|)$/);
    else {
      // Of the settings that may be given several times, each adds to those before.
      if (key !== 'SystemCallFilter') expect(settings.has(key), key).toBe(false);
      settings.set(key, [settings.get(key), value].filter((part) => part !== undefined).join(' '));
    }
  }
  expect(settings.get('ExecStart')).toMatch(/^\/\S+\/node \/\S+\.cjs run$/);
  expect(Object.fromEntries(settings)).toMatchObject({
    ExecReload: '/bin/kill -HUP $MAINPID',
    Restart: 'on-failure',
    DynamicUser: 'yes',
    StateDirectory: 'kmswatch',
    ProtectSystem: 'strict',
    ProtectHome: 'yes',
    PrivateTmp: 'yes',
    NoNewPrivileges: 'yes',
    CapabilityBoundingSet: '',
    RestrictAddressFamilies: 'AF_INET AF_INET6 AF_UNIX AF_NETLINK',
    SystemCallFilter: '@system-service ~@privileged @resources setpriority',
  });
  expect(settings.get('MemoryMax')).toMatch(/^\d+M$/);
  // V8 writes machine code at run time.
  expect(settings.has('MemoryDenyWriteExecute')).toBe(false);
});
