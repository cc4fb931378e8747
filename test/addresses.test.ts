import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Addresses with the project's name that are known to be ours; docs/project-names.md lists them. None is, so far. */
const OURS: readonly string[] = [];

/** Names that nobody can register (RFC 2606, RFC 6761), those of one's own machine and network, and what a program fills in. */
const NOBODYS = /^(\[|[\d.]+$|[^.]+$|.*[${}]|(.*\.)?(example|test|invalid|localhost|example\.(com|net|org))$)/;

/** A file of ours that was never published may be installed by its path; a name may be anybody's. */
const FROM_REGISTRY = [
  /\bnpm (?:i|install|add|exec)\b[^`'"\n|;&]*\s@?kmswatch\b(?!-)/g,
  /\bnpx (?:-\S+ )*@?kmswatch\b/g,
  /\b(?:docker|podman) pull \S*kmswatch\b/g,
  /\b(?:ghcr\.io|quay\.io|docker\.io)\/\S*kmswatch\b/g,
];

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((file) => !/\.(png|gz|evtx)$/.test(file));

function unowned(text: string): string[] {
  const urls = [...text.matchAll(/\b(?:git\+)?(?:https?|ssh|git):\/\/([^\s/"'`)<>|\\]+)(\/[^\s"'`)<>|\\]*)?/g)]
    .filter(([url, authority = '', path = '']) => {
      const host = authority.replace(/^.*@/, '').replace(/:[\d${}\w]*$/, '');
      return /kmswatch/i.test(host + path) && !NOBODYS.test(host) && !OURS.some((our) => url.startsWith(our));
    })
    .map(([url]) => url);
  const bare = [...text.matchAll(/\b(?:github|gitlab|codeberg)\.(?:com|org)[/:]\S*kmswatch\S*/gi)].map(
    ([name]) => name,
  );
  const installs = FROM_REGISTRY.flatMap((pattern) => text.match(pattern) ?? []);
  return [...urls, ...bare.filter((name) => !OURS.some((our) => our.includes(name))), ...installs];
}

test('no file leads to an address or a package with our name that is not ours', () => {
  expect(files.length).toBeGreaterThan(500);
  const found = files
    .filter((file) => file !== 'test/addresses.test.ts')
    .flatMap((file) => unowned(readFileSync(join(ROOT, file), 'utf8')).map((address) => `${file}: ${address}`));
  expect(found).toEqual([]);
});

test.each([
  'https://github.com/kmswatch/kmswatch/blob/main/docs/alerts.md',
  'git+https://github.com/kmswatch/kmswatch.git',
  'https://kmswatch.io/',
  'https://docs.kmswatch.dev',
  'https://www.npmjs.com/package/kmswatch',
  'git@github.com:kmswatch/kmswatch.git',
  'npm install --global kmswatch',
  'npm i -g kmswatch@latest',
  'npx kmswatch check',
  'docker pull kmswatch/kmswatch',
  'ghcr.io/kmswatch/kmswatch:1',
])('%s would be found', (text) => {
  expect(unowned(text)).not.toEqual([]);
});

test.each([
  'https://kmswatch.corp.example/runbooks/KmsHostDown',
  'https://kmswatch.example.com:11688/api/v1/events',
  'http://kmswatch:11688/metrics',
  'http://{{ $labels.instance }}/runbooks/KmswatchPollStalled',
  'https://learn.microsoft.com/windows-server',
  'npm install --global ./kmswatch-0.1.0.tgz',
  'docker build -t kmswatch .',
])('%s is let pass', (text) => {
  expect(unowned(text)).toEqual([]);
});
