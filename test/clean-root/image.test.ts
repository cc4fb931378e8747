import { execFile } from 'node:child_process';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type Daemon, startDaemon } from '../peers/daemon.ts';
import { peerPath } from '../peers/find-peer.ts';
import { freePort } from '../peers/free-port.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { REPOSITORY } from '../support/agent.ts';
import { ImageBuilder, type ImageConfig, sizeOf } from './image-builder.ts';

const execute = promisify(execFile);
const MEGABYTE = 1_000_000;
const BASE = 'localhost/debian:trixie-slim';
const NODE = 'localhost/node:24-trixie-slim';
const IMAGE = 'localhost/kmswatch:test';
const USER = 65532;

describeWithPeers('the image, as the Dockerfile says', ['root', 'debootstrap', 'buildah'], () => {
  let folder: TemporaryFolder;
  let base: string;
  let root: string;
  let config: ImageConfig;
  let port: number;
  let agent: Daemon | undefined;

  beforeAll(async () => {
    folder = await temporaryFolder();
    port = await freePort();
    // A folder that debootstrap has made before, which is read alone.
    base = process.env['KMSWATCH_TRIXIE_ROOT'] ?? join(folder.path, 'debian');
    if (process.env['KMSWATCH_TRIXIE_ROOT'] === undefined) {
      await execute(peerPath('debootstrap'), ['--variant=minbase', 'trixie', base], { maxBuffer: 1 << 26 });
    }
    const builder = new ImageBuilder(join(folder.path, 'buildah'));
    await builder.fromFolder(BASE, base);
    await builder.nodeImage(NODE, BASE);
    const of = { NODE_IMAGE: NODE, BASE_IMAGE: BASE };
    await builder.build(IMAGE, REPOSITORY, {
      ...of,
      VERSION: manifest.version,
      REVISION: 'abc',
      CREATED: '2026-11-29',
    });
    config = await builder.configOf(IMAGE);
    base = await builder.unpack(BASE);
    root = await builder.unpack(IMAGE);
    await prepare();
  });
  afterAll(async () => {
    await agent?.stop();
    await folder.remove();
  });

  /** What Docker makes for a container: a hosts file, folders to mount at, and a volume that belongs to whom the image says. */
  async function prepare(): Promise<void> {
    await mkdir(join(root, 'etc/kmswatch'));
    await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n');
    await mkdir(join(folder.path, 'config'));
    await writeFile(join(folder.path, 'config/kmswatch.yml'), 'discovery: {domains: []}\n');
    await mkdir(join(folder.path, 'volume'), { mode: 0o750 });
    await chown(join(folder.path, 'volume'), USER, USER);
  }

  /** A program in a container whose files are read-only but for the volume, as the image's user and in its environment. */
  function command(words: readonly string[]): [string, ...string[]] {
    const mounts = [
      'mount --bind "$1" "$1"',
      'mount --bind "$2/config" "$1/etc/kmswatch"',
      'mount --bind "$2/volume" "$1/var/lib/kmswatch"',
      'mount -o remount,bind,ro "$1"',
      'mount -t proc proc "$1/proc"',
      'cd "$1"; shift 2',
      'exec chroot "$@"',
    ];
    const enter = ['unshare', '--mount', 'sh', '-ec', mounts.join('; '), 'sh', root, folder.path] as const;
    return [
      ...enter,
      `--userspec=${config.User}`,
      root,
      '/usr/bin/env',
      '-i',
      `--chdir=${config.WorkingDir}`,
      ...config.Env,
      ...words,
    ];
  }

  const run = (...words: readonly string[]) => {
    const [program, ...args] = command(words);
    return execute(program, args);
  };

  async function start(): Promise<Daemon> {
    const words = config.Cmd.map((word) => (word === ':11688' ? `:${port}` : word));
    agent = await startDaemon({
      command: command([...config.Entrypoint, ...words]),
      ready: async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).status === 200,
      deadline: 600_000,
    });
    return agent;
  }

  test('is at most 165 MB above its base', async () => {
    const [below, whole, node] = await Promise.all([base, root, join(root, 'usr/local/bin/node')].map(sizeOf));
    const above = (whole ?? 0) - (below ?? 0);
    process.stdout.write(`${above} octets above the base, ${node} of them Node\n`);
    expect(above).toBeLessThanOrEqual(165 * MEGABYTE);
    expect(above).toBeGreaterThan(node ?? 0);
  });

  test('says what it is, and is for a user that is not root', () => {
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'kmswatch',
      'org.opencontainers.image.version': manifest.version,
      'org.opencontainers.image.revision': 'abc',
      'org.opencontainers.image.created': '2026-11-29',
      'org.opencontainers.image.base.name': BASE,
    });
    expect(config.User).toBe(`${USER}:${USER}`);
    expect(Object.keys(config.Volumes)).toEqual(['/var/lib/kmswatch']);
  });

  test('has Node, and neither npm nor a compiler', async () => {
    expect((await run('node', '--version')).stdout.trim()).toBe(process.version);
    expect((await run(...config.Entrypoint, '--version')).stdout.trim()).toBe(manifest.version);
    for (const name of ['npm', 'g++', 'make', 'python3']) await expect(run(name, '--version')).rejects.toThrow();
  });

  test('has the login with a keytab, with its library', async () => {
    const { stdout } = await run('node', '--print', 'typeof require("kerberos").initializeClient');
    expect(stdout.trim()).toBe('function');
  });

  test('runs the agent as that user, with nothing to write to but its volume', async () => {
    const running = await start();
    const status = await readFile(`/proc/${running.pid}/status`, 'utf8');
    expect(status).toMatch(new RegExp(`^Uid:\t${USER}\t${USER}\t${USER}\t${USER}$`, 'm'));
    expect(status).toMatch(/^CapEff:\t0+$/m);
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(page).toContain('kmswatch_store_up 1');
    expect(page).toContain('revision="abc"');
    const write = (path: string) => run('node', '-e', `require("fs").writeFileSync("${path}", "")`);
    await expect(write('/opt/kmswatch/x')).rejects.toThrow('EROFS');
    await write('/var/lib/kmswatch/x');
  });

  test('is asked for its health without a shell, and ends on SIGTERM', async () => {
    const [kind, ...words] = config.Healthcheck.Test;
    expect(kind).toBe('CMD');
    await run(...words, `${port}`);
    await agent?.stop();
    expect(await agent?.exited).toBe(0);
    await expect(run(...words, `${port}`)).rejects.toThrow();
  });

  test('finds its volume again', async () => {
    await start();
    const { stdout } = await run(...config.Entrypoint, 'leases');
    expect(stdout).toContain('No lease');
  });
});
