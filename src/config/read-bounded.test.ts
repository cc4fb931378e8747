import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/peers/temporary-folder.ts';
import { readBounded } from './read-bounded.ts';

const LIMIT = 200_000;

test.each([0, 1, 65_535, 65_536, 65_537, 131_072, LIMIT])('reads a file of %i octets whole', async (size) => {
  const folder = await temporaryFolder();
  const octets = randomBytes(size);
  const path = join(folder.path, 'file');
  await writeFile(path, octets);

  const read = await readBounded(path, LIMIT);

  expect(read.ok && read.value.equals(octets)).toBe(true);
  await folder.remove();
});

test('reads a pipe, which says that it has no octets, whole, and no more than the limit', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'pipe');
  execFileSync('mkfifo', [path]);
  const octets = randomBytes(LIMIT);

  const [read] = await Promise.all([readBounded(path, LIMIT), writeFile(path, octets)]);
  const [long] = await Promise.all([readBounded(path, LIMIT - 1), writeFile(path, octets).catch(() => {})]);

  expect(read.ok && read.value.equals(octets)).toBe(true);
  expect(long).toEqual({ ok: false, error: expect.stringContaining(`more than ${LIMIT - 1} bytes`) });
  await folder.remove();
});

test('refuses a file that is longer than the limit', async () => {
  const folder = await temporaryFolder();
  const path = await folder.write('file', 'x'.repeat(11));

  expect(await readBounded(path, 10)).toMatchObject({ ok: false });
  expect(await readBounded(path, 11)).toMatchObject({ ok: true });
  await folder.remove();
});

test('does not wait for ever for a pipe that nobody writes to', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'pipe');
  execFileSync('mkfifo', [path]);
  expect(await readBounded(path, LIMIT)).toEqual({ ok: false, error: expect.stringContaining('it is a pipe') });
  await folder.remove();
});
