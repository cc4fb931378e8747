import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../test/peers/temporary-folder.ts';
import { redactOutput, redactSecrets } from './redact.ts';

const SAID = 'login with hunter22 failed';
const HIDDEN = 'login with <secret> failed';

let folder: TemporaryFolder;
let config: { readonly hosts: readonly { readonly password_file: string }[] };

beforeEach(async () => {
  folder = await temporaryFolder();
  config = { hosts: [{ password_file: join(folder.path, 'password') }] };
});
afterEach(() => folder.remove());

/** A folder in its place: there is something, and it cannot be read. */
async function makeUnreadable(): Promise<void> {
  await rm(join(folder.path, 'password'), { force: true });
  await mkdir(join(folder.path, 'password'));
}

it('hides a secret as it is in its file now', async () => {
  await folder.write('password', 'hunter11\n');
  expect(await redactOutput(SAID, config)).toBe(SAID);
  await writeFile(join(folder.path, 'password'), 'hunter22\n');
  expect([await redactOutput(SAID, config), await redactSecrets(SAID, config)]).toEqual([HIDDEN, HIDDEN]);
});

it('hides what a file had before it could no longer be read', async () => {
  await folder.write('password', 'hunter22\n');
  expect(await redactSecrets(SAID, config)).toBe(HIDDEN);
  await makeUnreadable();
  expect([await redactOutput(SAID, config), await redactSecrets(SAID, config)]).toEqual([HIDDEN, HIDDEN]);
});

it('shows nothing of a program while a secret that it may know cannot be read', async () => {
  await makeUnreadable();
  expect(await redactOutput(SAID, config)).toBe('(not shown, as a file with a secret cannot be read)');
  expect(await redactOutput('', config)).toBe('');
});

it('shows what a program says if a file is not there', async () => {
  expect(await redactOutput(SAID, config)).toBe(SAID);
});
