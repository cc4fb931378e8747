import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../test/peers/temporary-folder.ts';

let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(() => folder.remove());

test('where the package kerberos is not there, it says what to install, and ends with its parent', async () => {
  // A folder from which no package is found.
  const script = join(folder.path, 'kerberos-child.ts');
  await copyFile(join(import.meta.dirname, 'kerberos-child.ts'), script);
  const child = fork(script, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const answered = once(child, 'message');

  child.send({ id: 1, login: 1, service: 'HTTP@localhost', principal: 'mon', challenge: '' });

  const [answer] = await answered;
  expect(answer).toMatchObject({ id: 1, problem: expect.stringMatching(/package 'kerberos'.*libkrb5-dev.*npm ci/) });
  const ended = once(child, 'exit');
  child.disconnect();
  expect(await ended).toEqual([0, null]);
});
