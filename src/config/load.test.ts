import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadConfig } from './load.ts';
import type { Mistake } from './mistakes.ts';
import { type Config, defaultConfig } from './schema.ts';

const EXAMPLE = readFileSync(new URL('../../config/kmswatch.example.yml', import.meta.url), 'utf8');

function load(text: string): Config {
  const loaded = loadConfig(text, '/etc/kmswatch');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

function mistakesIn(text: string): Mistake[] {
  const loaded = loadConfig(text, '/etc/kmswatch');
  return loaded.ok ? [] : loaded.error;
}

test.each([
  ['nothing', ''],
  ['only remarks', '# nothing yet\n'],
  ['sections whose every line is commented out', 'discovery:\n  # timeout: 3s\nhosts:\nprobe:\n'],
  ['a byte-order mark and Windows line ends', '\uFEFFdiscovery:\r\n  timeout: 2s\r\n'],
])('%s is the default configuration', (_what, text) => {
  expect(load(text)).toEqual(defaultConfig());
});

test('names are folded to their one form', () => {
  const config = load(
    'hosts: [{name: KMS01.Corp.Example.com., aliases: [KMS01]}]\ndiscovery: {domains: [CORP.example.com]}',
  );
  expect(config.hosts).toEqual([{ name: 'kms01.corp.example.com', aliases: ['kms01'], probe: true }]);
  expect(config.discovery.domains).toEqual([{ name: 'corp.example.com' }]);
});

test('domains that are left out are not domains that are none', () => {
  expect(load('discovery: {}').discovery.domains).toBeUndefined();
  expect(load('discovery: {domains: []}').discovery.domains).toEqual([]);
});

test('name servers have port 53 when they name none', () => {
  const config = load('discovery: {servers: [10.0.0.53, "[2001:DB8::53]:5353", ns.example.com:54]}');
  expect(config.discovery.servers).toEqual([
    { host: '10.0.0.53', port: 53 },
    { host: '2001:db8::53', port: 5353 },
    { host: 'ns.example.com', port: 54 },
  ]);
});

test('a port that is left out stays open, for the published one', () => {
  expect(load('hosts: [{name: kms01}]').hosts[0]?.port).toBeUndefined();
});

test('the web side listens on one address, on all of them, or on any free port', () => {
  const config = load('web: {listen: [":11688", "[::1]:0", "localhost:80"]}');
  expect(config.web.listen).toEqual([
    { host: undefined, port: 11688 },
    { host: '::1', port: 0 },
    { host: 'localhost', port: 80 },
  ]);
});

test('the impostor check can be switched off', () => {
  expect(load('probe: {impostor_schedule: ""}').probe.impostor_schedule).toBe('');
});

test('an anchor can be used again', () => {
  const config = load('hosts:\n  - name: kms01\n    aliases: &shared [a, b]\ndiscovery: {domains: *shared}');
  expect(config.discovery.domains).toEqual([{ name: 'a' }, { name: 'b' }]);
});

test('mistakes are in the order of the file', () => {
  const places = mistakesIn('log: {level: x, format: y}\nprobe: {tmeout: 1s}\ndiscovery: {attempts: 0}').map(
    ({ line, column }) => [line, column],
  );
  expect(places).toEqual([
    [1, 14],
    [1, 25],
    [2, 9],
    [3, 23],
  ]);
});

test('no message shows a secret, whatever is wrong with it', () => {
  const texts = [
    'hosts: [{name: a, report: {push: hunter2}}]',
    'hosts: [{name: a, report: {push: {token: [hunter2]}}}]',
    'hosts: [{name: a, report: {push: {token: hunter2, token_file: t}}}]',
    'hosts: [{name: a, activations: {winrm: {auth: basic, url: "https://a:hunter2@b/", username: c, password: {x: hunter2}}}}]',
    'hosts: [{name: a, activations: {winrm: "https://a:hunter2@b/"}}]',
    'notify: [{webhook: {url: hunter2}}, {webhook: hunter2}, hunter2]',
    'notify: [{alertmanager: {urls: ["http://a:hunter2@b"]}}, {alertmanager: hunter2}]',
    'ingest: hunter2',
    'hunter2',
  ];
  for (const text of texts) {
    expect(mistakesIn(text)).not.toEqual([]);
    expect(JSON.stringify(mistakesIn(text))).not.toContain('hunter2');
  }
});

test('no text makes it throw', () => {
  const octets = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('utf8'));
  const yaml = fc.stringMatching(/^[a-z:\-?&*!|>{}[\],"'#% \n\t0-9]*$/);
  fc.assert(
    fc.property(fc.oneof(octets, yaml), (text) => {
      loadConfig(text, '/');
    }),
    { numRuns: 500 },
  );
});

test('no change to the example makes it throw, and every mistake has a place', () => {
  const everything = EXAMPLE.replace(/^# ([a-z_]+:)/gm, '$1').replace(/^# {2}/gm, '');
  const piece = fc.oneof(
    fc.constantFrom('', ':', '- ', '{', '[', '*a', '&a ', '"', '\n', 'null', '5', '[]'),
    fc.string(),
  );
  const change = fc.tuple(fc.nat(everything.length), fc.nat(20), piece);
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      let text = everything;
      for (const [at, length, by] of changes) text = text.slice(0, at) + by + text.slice(at + length);
      const lines = text.split('\n').length;
      for (const { path, line, message } of mistakesIn(text)) {
        expect(message).not.toBe('');
        expect(path).not.toContain('undefined');
        expect(line).toBeLessThanOrEqual(lines);
      }
    }),
    { numRuns: 150 },
  );
});

/** How the library words what no rule of ours words. */
const ZOD_WORDS = /invalid input|received|too (big|small)/i;

test('values of any kind in any place make no rule throw, and every mistake is worded for people', () => {
  const keys = Object.keys(defaultConfig());
  const inner = [
    'domains',
    'servers',
    'name',
    'aliases',
    'listen',
    'report',
    'winrm',
    'warn',
    'quiet_periods',
    'webhook',
  ];
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, 0, -1, 1e9, '', 'x', '5%', '1d', '::1', '2026-01-01'),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...inner, 'push', 'auth', 'urls', 'from', 'to', 'pages', 'users'), tie('any'), {
        maxKeys: 4,
      }),
    ),
  })).any;
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), value), (config) => {
      for (const { message } of mistakesIn(JSON.stringify(config))) expect(message).not.toMatch(ZOD_WORDS);
    }),
    { numRuns: 500 },
  );
});
