import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageUnit } from '../../build/package/unit.ts';
import { peerPath } from '../peers/find-peer.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { REPOSITORY, startAgent } from '../support/agent.ts';

const run = promisify(execFile);

describeWithPeers('systemd', ['systemd-analyze'], () => {
  let folder: TemporaryFolder;

  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder.remove());

  test('waits until the agent serves', async () => {
    const unit = await packageUnit('/bin/true run');
    const wait = /^ExecStartPost=\/bin\/sh -c '(.*)'$/m.exec(unit)?.[1] ?? '';
    const env = { ...process.env, RUNTIME_DIRECTORY: folder.path };
    const waiting = run('/bin/sh', ['-c', wait], { env });
    let ended = false;
    void waiting.then(() => {
      ended = true;
    });
    expect(await readdir(folder.path)).toEqual([]);
    const agent = await startAgent({ config: 'discovery: {domains: []}', env: { RUNTIME_DIRECTORY: folder.path } });
    await expect.poll(() => ended).toBe(true);
    await agent.stop();
  });

  test.each(['of the repository', 'of the package'])('finds nothing wrong with the unit %s', async (which) => {
    const own = await readFile(join(REPOSITORY, 'config/kmswatch.service'), 'utf8');
    const text = which === 'of the package' ? await packageUnit('/bin/true run') : own;
    const unit = await folder.write('kmswatch.service', text.replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'));
    const verified = await run(peerPath('systemd-analyze'), ['verify', '--man=no', unit]);
    expect(verified.stderr.split('\n').filter((line) => line.includes('kmswatch.service'))).toEqual([]);
    const { stdout } = await run(peerPath('systemd-analyze'), ['security', '--offline=true', unit]);
    const exposure = Number(/Overall exposure level for kmswatch\.service: (\d+\.\d+)/.exec(stdout)?.[1]);
    expect(exposure).toBeLessThanOrEqual(1.2);
  });
});
