import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfigFile } from './config-file.ts';
import { formatMistakes } from './mistakes.ts';

const FOLDER = new URL('../../test/data/config/', import.meta.url);

/** What `kmswatch config check` prints for the files, one line a mistake. */
const EXPECTED = Map.groupBy(readFileSync(new URL('messages.txt', FOLDER), 'utf8').trimEnd().split('\n'), (line) =>
  line.slice(0, line.indexOf(':')),
);

const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.bad.yml'));

test('every file has its messages and every message its file', () => {
  expect([...EXPECTED.keys()].sort()).toEqual(FILES.toSorted());
});

test.each(FILES)('%s', async (name) => {
  const loaded = await loadConfigFile(new URL(name, FOLDER).pathname);
  expect(formatMistakes(name, loaded.ok ? [] : loaded.error)).toEqual(EXPECTED.get(name));
});
