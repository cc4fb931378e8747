import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DEFAULT_CONFIG_FILE, findConfigFile, loadConfigFile, MAX_CONFIG_BYTES } from './config-file.ts';
import { formatMistakes } from './mistakes.ts';

const folder = mkdtempSync(join(tmpdir(), 'kmswatch-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function check(path: string): Promise<string[]> {
  const loaded = await loadConfigFile(path);
  return loaded.ok ? [] : formatMistakes('F', loaded.error);
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('reads a file', async () => {
  const loaded = await loadConfigFile(write('good.yml', 'log: {level: debug}\n'));
  expect(loaded.ok && loaded.value.log.level).toBe('debug');
});

test.each([
  [
    'a missing file',
    () => join(folder, 'none.yml'),
    'F: cannot read the configuration: there is no such file; check the path',
  ],
  ['a directory', () => folder, 'F: cannot read the configuration: it is a directory; specify a file'],
  [
    'too large a file',
    () => write('large.yml', '#'.repeat(MAX_CONFIG_BYTES + 1)),
    'F: cannot read the configuration: it has more than 1048576 bytes; specify another file',
  ],
  [
    'an endless file',
    () => '/dev/zero',
    'F: cannot read the configuration: it has more than 1048576 bytes; specify another file',
  ],
  ['UTF-16', () => write('utf16.yml', Buffer.from('\uFEFFlog: {}', 'utf16le')), 'F: not UTF-8 text: save it as UTF-8'],
])('%s is one mistake without a place', async (_what, path, message) => {
  expect(await check(path())).toEqual([message]);
});

test('the largest file is read', async () => {
  expect(await check(write('largest.yml', '#'.repeat(MAX_CONFIG_BYTES)))).toEqual([]);
});

test('the named file comes before the default one, which may be absent', () => {
  expect(findConfigFile('mine.yml', () => true)).toBe('mine.yml');
  expect(findConfigFile(undefined, (path) => path === DEFAULT_CONFIG_FILE)).toBe('/etc/kmswatch/kmswatch.yml');
  expect(findConfigFile(undefined, () => false)).toBeUndefined();
});
