import { once } from 'node:events';
import { globSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { accepts, startDaemon } from './daemon.ts';
import { findPeer, installCommand, PEER_NAMES } from './find-peer.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

const node = process.execPath;
const ROOT = join(import.meta.dirname, '../..');

/** What needs no package: Debian is nothing without it (coreutils, dash, gzip, mount, tar, util-linux), or it runs the tests. */
const ALWAYS_THERE = new Set(
  'chmod cp du echo gzip mkdir mkfifo mount rm setpriv sh sha256sum sleep tar umount unshare node npm'.split(' '),
);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('peers', () => {
  test('are looked for on the PATH and where Debian keeps daemons', async () => {
    const folder = await temporaryFolder();
    await folder.write('knotd', '#!/bin/sh\n', 0o755);
    vi.stubEnv('PATH', folder.path);
    expect(findPeer('knotd')).toBe(`${folder.path}/knotd`);
    await folder.remove();
  });

  test('name each package once', () => {
    expect(installCommand(['prometheus', 'promtool'])).toBe('apt-get install --no-install-recommends prometheus');
    expect(installCommand(PEER_NAMES)).toContain('python3-impacket');
  });

  test('come from NuGet or with the SDK of .NET where Debian does not have them', () => {
    expect(installCommand(['dotnet', 'pwsh', 'pester'])).toBe(
      '.NET SDK 10.0 from https://dot.net; test/peers/install.sh, which needs the .NET SDK',
    );
    expect(PEER_NAMES.map((name) => installCommand([name]))).not.toContain('');
  });

  test('are all programs that tests, benches and the build start', async () => {
    const files = globSync('{test,bench,build,src}/**/*.ts', { cwd: ROOT });
    const started = new Set<string>();
    for (const file of files) {
      const text = await readFile(join(ROOT, file), 'utf8');
      const calls = text.matchAll(
        /\b(?:spawn|spawnSync|execFile|execFileSync|run|execute|output)\(\s*'([a-z0-9.+_-]+)'/g,
      );
      for (const [, name = ''] of calls) started.add(name);
    }
    const unknown = [...started].filter((name) => !ALWAYS_THERE.has(name) && !PEER_NAMES.some((peer) => peer === name));
    // `run` is the name of other functions too, whose words are no programs.
    const programs = await Promise.all(unknown.map(async (name) => ((await isProgram(name)) ? [name] : [])));
    expect(started).toContain('tshark');
    // The command of a configuration, which no test runs.
    expect(programs.flat().filter((name) => name !== 'ssh')).toEqual([]);
  });
});

describe('startDaemon', () => {
  test('waits until it is ready and stops it', async () => {
    const port = await freePort();
    const script = `require('node:net').createServer().listen(${port}, '127.0.0.1'); console.log('up')`;
    const daemon = await startDaemon({ command: [node, '-e', script], ready: () => accepts(port) });
    expect(daemon.output()).toContain('up');
    await daemon.stop();
    expect(await daemon.exited).toBe('SIGTERM');
    expect(await accepts(port)).toBe(false);
  });

  test('kills one that does not listen to SIGTERM', async () => {
    const script = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')`;
    const daemon = await startDaemon({
      command: [node, '-e', script],
      ready: ({ output }) => output().includes('up'),
    });
    await daemon.stop();
    expect(await daemon.exited).toBe('SIGKILL');
  });

  test.each([
    ['ends early', ['sh', '-c', 'echo no such zone >&2; exit 3'], /ended with 3.*no such zone/s],
    ['does not exist', ['/nonexistent/daemon'], /ENOENT/],
  ] as const)('tells what one printed that %s', async (_, command, message) => {
    await expect(startDaemon({ command: [...command], ready: () => false })).rejects.toThrow(message);
  });

  test('gives up one that never gets ready, and an answer that never comes', async () => {
    let thinking = false;
    const start = startDaemon({
      command: ['sh', '-c', 'echo thinking; exec sleep 600'],
      ready: ({ output }) => {
        thinking ||= output().includes('thinking');
        return thinking ? new Promise<boolean>(() => {}) : false;
      },
      deadline: 5_000,
    });
    await expect(start).rejects.toThrow(/not ready.*thinking/s);
  });
});

test('freePort passes over a port that is taken', async () => {
  const port = await freePort('127.0.0.1', '::1');
  expect(port).toBeLessThan(32_768);
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect(await freePort()).not.toBe(port);
  server.close();
});

test('a temporary folder goes with all that is in it', async () => {
  const folder = await temporaryFolder();
  const file = await folder.write('zones/example.zone', '$TTL 60\n');
  await access(file);
  await folder.remove();
  await expect(access(folder.path)).rejects.toThrow('ENOENT');
});

async function isProgram(name: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const found = await Promise.all(
    [...folders, '/usr/sbin'].map((folder) =>
      access(join(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
