import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { loadConfig } from '../src/config/load.ts';
import { LOOKUP_FAILURES } from '../src/discovery/types.ts';
import { METRIC_GROUPS } from '../src/exposition/metrics-table.ts';
import { PROBE_OUTCOMES } from '../src/probe/types.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENTS = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'RELEASING.md',
  'SECURITY.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

describe('README.md', () => {
  const blocks = [...read('README.md').matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml);

  it('has one configuration, which the agent takes', () => {
    expect(blocks).toHaveLength(1);
    expect(loadConfig(blocks[0] ?? '', ROOT)).toMatchObject({
      ok: true,
      value: {
        discovery: { domains: [{ name: 'corp.example.com' }, { name: 'emea.example.com' }] },
        hosts: [{ name: 'kms01.corp.example.com' }, { name: 'kms-dmz.example.com' }],
      },
    });
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...read('README.md').matchAll(/`[^`]*npm (?:run )?(start|test|demo)\b/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(['start', 'test', 'demo']));
    expect(scripts).toMatchObject({ start: expect.any(String), test: expect.any(String), demo: expect.any(String) });
  });
});

test('the README names every command, and only options that commands have', () => {
  const code = readdirSync(join(ROOT, 'src/cli'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(join('src/cli', name)));
  const commands = code.flatMap((file) => [...file.matchAll(/\.command\('(\w+)/g)].map(([, name = '']) => name));
  const options = new Set(code.flatMap((file) => file.match(/--[a-z.-]+/g) ?? []));
  const table = read('README.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .join('\n');

  expect(commands.length).toBeGreaterThan(5);
  expect(
    commands.filter((name) => !new RegExp(`\`(kmswatch|config|kmswatch (config|notify)) ${name}\\b`).test(table)),
  ).toEqual([]);
  expect((table.match(/--[a-z.-]+/g) ?? []).filter((option) => !options.has(option))).toEqual([]);
});

test('the guide to the first lease has a configuration which the agent takes', () => {
  const [, yaml = ''] = /^```yaml\n(.*?)^```$/ms.exec(read('docs/first-lease.md')) ?? [];
  expect(loadConfig(yaml, ROOT)).toMatchObject({ ok: true, value: { hosts: [{ aliases: ['kms01'] }] } });
});

test.each(DOCUMENTS)('links of %s lead to files of the repository', (file) => {
  const targets = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !target.startsWith('http'));
  const broken = targets.filter((target) => !existsSync(join(ROOT, dirname(file), target.replace(/#.*/, ''))));
  expect(broken).toEqual([]);
});

test.each(DOCUMENTS)('metrics that %s names exist', (file) => {
  const known = new Set(METRIC_GROUPS.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const named = [...read(file).matchAll(/\b(kms|kmswatch)_[a-z_]+[a-z]\b/g)].map(([name]) => name);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

test('source files that the architecture names exist', () => {
  const named = [...read('docs/architecture.md').matchAll(/`((?:src|test|bench|config|docs)\/[\w./-]+)`/g)];
  expect(named.length).toBeGreaterThan(20);
  expect(named.map(([, path = '']) => path).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('decisions are numbered one after the other, and listed', () => {
  const folder = join(ROOT, 'docs/decisions');
  const files = readdirSync(folder).filter((name) => name !== 'README.md');
  const titles = files.map((file) => /^# (\d+)\. (.*)$/m.exec(read(`docs/decisions/${file}`)));
  expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
  expect(titles.map((title) => Number(title?.[1]))).toEqual(files.map((_, index) => index + 1));
  const list = files.map((file, index) => `${index + 1}. [${titles[index]?.[2]}](${file})`);
  expect(read('docs/decisions/README.md').trimEnd().split('\n').slice(-files.length)).toEqual(list);
});

test.each(DOCUMENTS)('decisions that %s names have that number', (file) => {
  const named = [...read(file).matchAll(/\[decision\s+(\d+)\]\([^)]*?(\d{4})-[^)]*\)/g)];
  expect(named.filter(([, text, number]) => Number(text) !== Number(number)).map(([link]) => link)).toEqual([]);
});

test('troubleshooting explains every outcome, best first, and every reason', () => {
  const rows = [...read('docs/troubleshooting.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual([...PROBE_OUTCOMES, ...LOOKUP_FAILURES]);
});
