import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';
import { BOUND_BY_MODES } from '../support/bounded-rights.ts';
import { CAN_MOUNT } from '../support/mounts.ts';

const CAN_HANG = CAN_MOUNT && existsSync('/dev/fuse') && spawnSync('python3', ['-V']).status === 0;
const TOKEN = 'a-token-that-stays-0123456789';
let folder: TemporaryFolder;
let agent: RunningAgent;

beforeEach(async () => {
  folder = await temporaryFolder();
  await folder.write('ingest.token', TOKEN);
  await folder.write('web.yml', 'http_server_config: {headers: {X-Frame-Options: deny}}\n');
  agent = await startAgent({
    config: 'discovery: {domains: []}\nhosts: []\ningest: {token_file: ingest.token}\nweb: {config_file: web.yml}\n',
    folder,
    command: BOUND_BY_MODES,
  });
});
afterEach(() => agent.stop());

const SPOILERS: Readonly<Record<string, (path: string) => void>> = {
  'is not permitted': (path) => chmodSync(path, 0),
  'is gone': (path) => rmSync(path),
  'is too large': (path) => writeFileSync(path, 'x'.repeat(5 * 2 ** 20)),
  'is a pipe': (path) => {
    rmSync(path);
    execFileSync('mkfifo', [path]);
  },
  'is a folder': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
};
const FILES = ['kmswatch.yml', 'web.yml', 'ingest.token'];

describe('an agent of which a file', () => {
  it.each(Object.entries(SPOILERS))('%s keeps the old one, and says so', async (_what, spoil) => {
    for (const name of FILES) {
      const path = join(folder.path, name);
      renameSync(path, `${path}.good`);
      execFileSync('cp', ['-p', `${path}.good`, path]);
      spoil(path);
      await expect.poll(reloadSuccessful).toBe(0);
      expect(agent.daemon.output()).toContain(path);
      await expectWorking();
      rmSync(path, { recursive: true, force: true });
      renameSync(`${path}.good`, path);
      await expect.poll(reloadSuccessful).toBe(1);
    }
  });

  it.runIf(CAN_HANG)('is on a mount that hangs keeps the old one, and ends if it is stopped', async () => {
    const mount = join(folder.path, 'mount');
    mkdirSync(mount);
    const hung = spawn('python3', [join(import.meta.dirname, '../support/hung-mount.py'), mount]);
    await once(hung.stdout, 'data');
    try {
      for (const name of FILES) {
        symlinkSync(join(mount, name), join(folder.path, 'link'));
        renameSync(join(folder.path, 'link'), join(folder.path, name));
      }
      await expect.poll(reloadSuccessful).toBe(0);
      await expectWorking();
      agent.daemon.kill('SIGTERM');
      // By the signal, as it cannot end otherwise; `stop` of a daemon would kill it.
      expect(await agent.daemon.exited).toBe('SIGTERM');
    } finally {
      hung.stdin.end();
      await once(hung, 'exit');
    }
  });
});

async function reloadSuccessful(): Promise<number | undefined> {
  return seriesValue(await agent.metrics(), 'kmswatch_config_last_reload_successful');
}

async function expectWorking(): Promise<void> {
  const answer = await fetch(`${agent.url}/api/v1/events`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}` },
    body: '{}',
  });
  // Let in, and told that this is no record.
  expect([answer.status, answer.headers.get('X-Frame-Options')]).toEqual([400, 'deny']);
}
