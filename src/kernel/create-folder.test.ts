import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFolder } from './create-folder.ts';

let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'kmswatch-folder-'));
});
afterEach(() => rm(base, { recursive: true }));

it('makes a folder and those above it, closed to others', async () => {
  const folder = join(base, 'a', 'b');
  expect(createFolder(folder)).toEqual({ ok: true, value: undefined });
  for (const one of [folder, join(base, 'a')]) expect((await stat(one)).mode & 0o007).toBe(0);
});

it('is content with a folder that is there', async () => {
  expect(createFolder(base)).toEqual({ ok: true, value: undefined });
});

it('says what to do if a file is in the way', async () => {
  await writeFile(join(base, 'file'), '');
  const folder = join(base, 'file', 'sub');
  const made = createFolder(folder);
  expect(made.ok ? '' : made.error).toMatch(
    new RegExp(`^cannot create the state folder ${folder}: .*\\. Create it for this user, or set store\\.path\\.$`),
  );
});

it('gives up where no folder can ever be made', async () => {
  expect(createFolder('/proc/kmswatch/state')).toMatchObject({ ok: false });
});
