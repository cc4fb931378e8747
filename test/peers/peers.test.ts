import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { accepts, startDaemon } from './daemon.ts';
import { freePort } from './free-port.ts';
import { findPeer, installCommand, PEER_NAMES } from './install.ts';
import { temporaryFolder } from './temporary-folder.ts';

const node = process.execPath;

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
    ['ends early', [node, '-e', 'console.error("no such zone"); process.exit(3)'], /ended with 3.*no such zone/s],
    ['does not exist', ['/nonexistent/daemon'], /ENOENT/],
    ['never gets ready', [node, '-e', 'console.log("thinking"); setInterval(() => {}, 1000)'], /not ready.*thinking/s],
  ] as const)('tells what one printed that %s', async (_, command, message) => {
    const start = startDaemon({ command: [...command], ready: () => false, deadline: 1_500 });
    await expect(start).rejects.toThrow(message);
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
