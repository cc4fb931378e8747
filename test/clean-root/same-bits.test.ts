import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { describeWithPeers } from '../peers/peer.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { REPOSITORY } from '../support/agent.ts';

const execute = promisify(execFile);

interface Place {
  readonly path: string;
  readonly umask: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Two people with the same commit and the same packages, and nothing else in common. */
const PLACES: readonly Place[] = [
  { path: 'one', umask: '022', env: { TZ: 'UTC', LANG: 'C.UTF-8' } },
  { path: 'somebody/else', umask: '077', env: { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'C' } },
];

describeWithPeers('a release', ['git', 'dpkg-deb', 'strip', 'xz', 'zip'], () => {
  // Not compressed, which takes most of the time, and of which dpkg-deb, xz and zip say that it is the same each time.
  test('has the same bits wherever the same commit is built', async () => {
    const folder = await temporaryFolder();
    const { stdout } = await execute('git', ['rev-parse', 'HEAD'], { cwd: REPOSITORY });
    const sums: string[] = [];
    for (const { path, umask, env } of PLACES) {
      const checkout = join(folder.path, path);
      await execute('git', ['clone', '--quiet', REPOSITORY, checkout]);
      await execute('git', ['checkout', '--quiet', '--detach', stdout.trim()], { cwd: checkout });
      await execute('cp', ['-a', join(REPOSITORY, 'node_modules'), checkout]);
      const build = `umask ${umask}; exec npm run release -- --snapshot`;
      const all = { ...process.env, ...env, KMSWATCH_COMPRESSION: 'none' };
      await execute('sh', ['-c', build], { cwd: checkout, env: all, maxBuffer: 1 << 26 });
      sums.push(await readFile(join(checkout, 'out/SHA256SUMS'), 'utf8'));
      await execute('rm', ['-rf', checkout]);
    }
    await folder.remove();
    const [one = '', other = ''] = sums.map((text) => text.trim().split('\n'));
    expect(other).toEqual(one);
    const kinds = ['.deb', '.tar.xz', '.zip', '.tgz', '.cdx.json', 'THIRD-PARTY-LICENSES.txt', 'RELEASE-NOTES.md'];
    for (const kind of kinds) expect(one).toContainEqual(expect.stringMatching(new RegExp(`${kind}$`)));
    expect(one).toHaveLength(kinds.length);
  });
});
