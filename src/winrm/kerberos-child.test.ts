import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../test/peers/temporary-folder.ts';
import type { KerberosAnswer, KerberosQuestion } from './kerberos-protocol.ts';

/** How the first steps fail, one after the other; null: it succeeds, as do all that follow. */
type Failures = readonly (string | null)[];

const REPLACED = 'Unspecified GSS failure. Minor code may provide more information: Matching credential not found';

let folder: TemporaryFolder;
let child: ChildProcess;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  child.kill();
  await folder.remove();
});

/** Starts the process in a folder from which no package is found but the one that is given. */
async function start(failures?: Failures): Promise<void> {
  const script = join(folder.path, 'kerberos-child.ts');
  await copyFile(join(import.meta.dirname, 'kerberos-child.ts'), script);
  if (failures !== undefined) {
    await folder.write(
      'node_modules/kerberos/index.js',
      `const failures = ${JSON.stringify(failures)};
      let made = 0;
      exports.GSS_MECH_OID_SPNEGO = 6;
      exports.initializeClient = async () => {
        made += 1;
        // A client whose step failed is of no use any more.
        const token = 'token of client ' + made;
        return {
          contextComplete: false,
          step: async () => {
            const failure = failures.shift();
            if (typeof failure === 'string') throw new Error(failure);
            return token;
          },
        };
      };`,
    );
  }
  child = fork(script, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
}

async function ask(question: Partial<KerberosQuestion> = {}): Promise<KerberosAnswer> {
  const answered = once(child, 'message');
  child.send({ id: 1, login: 1, service: 'HTTP@localhost', principal: 'mon', challenge: '', ...question });
  const [answer] = await answered;
  return answer;
}

test('where the package kerberos is not there, it says what to install, and ends with its parent', async () => {
  await start();

  expect(await ask()).toMatchObject({
    id: 1,
    problem: expect.stringMatching(/package 'kerberos'.*libkrb5-dev.*npm ci/),
  });
  const ended = once(child, 'exit');
  child.disconnect();
  expect(await ended).toEqual([0, null]);
});

test('a login that looked for its ticket as the tickets were replaced looks again', async () => {
  await start([REPLACED, REPLACED]);

  expect(await ask()).toEqual({ id: 1, token: 'token of client 3', complete: false });
});

test('tickets that are never found end the login', async () => {
  await start(Array<string>(5).fill(REPLACED));

  expect(await ask()).toEqual({ id: 1, problem: `Kerberos: ${REPLACED}` });
  expect(await ask({ id: 2 })).toMatchObject({ id: 2, token: 'token of client 6' });
});

test('no other failure is tried again, nor one in the middle of a login', async () => {
  await start(['Clock skew too great', null, REPLACED]);

  expect(await ask()).toMatchObject({ problem: expect.stringMatching(/Clock skew.*correct the clocks/) });
  expect(await ask()).toMatchObject({ token: 'token of client 2' });
  expect(await ask({ challenge: 'YWdhaW4=' })).toMatchObject({ problem: `Kerberos: ${REPLACED}` });
});

test('clocks that differ are what it says to set right', async () => {
  const words = ['Clock skew too great', 'Ticket not yet valid', 'Ticket expired'];
  await start(words);

  for (const said of words) {
    expect(await ask()).toEqual({ id: 1, problem: expect.stringMatching(`^Kerberos: ${said} \\(correct the clocks`) });
  }
});

test('a login that was given up before its turn asks nothing of the KDC', async () => {
  await start(['the first step']);
  const login = { service: 'HTTP@localhost', principal: 'mon' };
  const answered = once(child, 'message');

  child.send({ ...login, id: 1, login: 1, challenge: '' });
  child.send({ ...login, id: 0, login: 1, challenge: undefined });

  const [answer] = await answered;
  expect(answer).toEqual({ id: 1, problem: 'Kerberos: the login was cancelled' });
  expect(await ask({ id: 2, login: 2 })).toMatchObject({ problem: 'Kerberos: the first step' });
});
