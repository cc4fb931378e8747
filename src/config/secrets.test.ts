import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Secret } from '../kernel/secret.ts';
import { secretSource } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'kmswatch-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function readFrom(file: string): Promise<string | undefined> {
  const secret = await secretSource(undefined, file)?.read();
  return secret?.ok ? secret.value.reveal() : secret?.error;
}

test('there is none when neither key is there', () => {
  expect(secretSource(undefined, undefined)).toBeUndefined();
});

test('gives the secret that is in the configuration', async () => {
  const secret = await secretSource(new Secret('hunter2'), undefined)?.read();
  expect(secret?.ok && secret.value.reveal()).toBe('hunter2');
});

test('reads a file again at every use, without its line end', async () => {
  const file = join(folder, 'token');
  writeFileSync(file, 'first\n');
  expect(await readFrom(file)).toBe('first');
  writeFileSync(file, ' second \r\n');
  expect(await readFrom(file)).toBe(' second ');
});

test('says which file is missing, empty or too large', async () => {
  const [missing, empty, large] = ['missing', 'empty', 'large'].map((name) => join(folder, name));
  writeFileSync(`${empty}`, ' \n');
  writeFileSync(`${large}`, 'x'.repeat(64 * 1024 + 1));
  expect(await readFrom(`${missing}`)).toBe(
    `cannot read the secret in ${missing}: there is no such file; check the path`,
  );
  expect(await readFrom(`${empty}`)).toBe(`the file ${empty} is empty: write the secret into it`);
  expect(await readFrom(`${large}`)).toBe(
    `cannot read the secret in ${large}: it has more than 65536 bytes; specify another file`,
  );
});

test('keeps the secret of a file that cannot be read any more, and takes it back if the file is emptied', async () => {
  const file = join(folder, 'kept');
  writeFileSync(file, 'first');
  expect(await readFrom(file)).toBe('first');
  rmSync(file);
  expect(await readFrom(file)).toBe('first');
  mkdirSync(file);
  expect(await readFrom(file)).toBe('first');
  rmSync(file, { recursive: true });
  writeFileSync(file, 'second');
  expect(await readFrom(file)).toBe('second');
  writeFileSync(file, '');
  expect(await readFrom(file)).toBe(`the file ${file} is empty: write the secret into it`);
});
