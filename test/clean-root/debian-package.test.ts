import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { peerPath } from '../peers/find-peer.ts';
import { freePort } from '../peers/free-port.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { builtFile } from './built.ts';
import { CleanRoot } from './clean-root.ts';
import { startService } from './service.ts';

const execute = promisify(execFile);
const MEGABYTE = 1_000_000;

describeWithPeers('the Debian package in a bare Debian', ['root', 'debootstrap', 'dpkg-deb', 'mandoc', 'xz'], () => {
  let root: CleanRoot;
  let deb: string;
  /** Milliseconds. */
  let installing: number;

  beforeAll(async () => {
    root = await CleanRoot.make();
    deb = await builtFile('.deb');
    await root.copyIn(deb, '/tmp/kmswatch.deb');
  });
  afterAll(() => root.remove());

  test('is at most 45 MB', async () => {
    expect((await stat(deb)).size).toBeLessThanOrEqual(45 * MEGABYTE);
  });

  test('needs no other package to install', async () => {
    const begin = performance.now();
    const { code, output } = await root.run('dpkg -i /tmp/kmswatch.deb');
    installing = performance.now() - begin;
    expect(output).not.toMatch(/error|warning/i);
    expect(code).toBe(0);
    expect((await root.run('kmswatch --version')).output.trim()).toBe(manifest.version);
    expect((await root.run('dpkg --verify kmswatch')).output).toBe('');
    expect((await root.run('command -v node npm || true')).output).toBe('');
  });

  test('has a user for the agent, who alone reads the state, and whose group reads the secrets', async () => {
    const { output } = await root.run('stat -c "%a %U:%G %n" /etc/kmswatch /var/lib/kmswatch');
    expect(output).toBe('750 root:kmswatch /etc/kmswatch\n700 kmswatch:kmswatch /var/lib/kmswatch\n');
    expect((await root.run('getent passwd kmswatch')).output).toMatch(/:\/usr\/sbin\/nologin\n$/);
  });

  test('has an example that is a configuration, and a man page of every command', async () => {
    for (const name of ['kmswatch.yml', 'kmswatch.example.yml']) {
      const { output } = await root.run(`kmswatch config check /etc/kmswatch/${name} 2>&1 || true`);
      expect(output.trim()).not.toMatch(/unknown|expected/);
    }
    await writeFile(root.at('/tmp/kmswatch.1'), await gunzip(root.at('/usr/share/man/man1/kmswatch.1.gz')));
    const lint = await execute(peerPath('mandoc'), ['-Tlint', '-Wwarning', root.at('/tmp/kmswatch.1')]);
    expect(lint.stdout).toBe('');
    const page = await root.read('/tmp/kmswatch.1');
    for (const command of ['run', 'check', 'config check', 'explain', 'leases', 'import', 'retire', 'notify test']) {
      expect(page).toContain(`\n.SS kmswatch ${command} `);
    }
  });

  test('has documentation whose links lead to what is there', async () => {
    expect(await brokenLinks(root.at('/usr/share/doc/kmswatch'))).toEqual([]);
    expect((await root.run('ls /usr/share/doc/kmswatch/examples/kmswatch.example.yml')).code).toBe(0);
  });

  test('runs the agent as its unit says, until it is ready', async () => {
    await root.write('/etc/kmswatch/kmswatch.yml', 'discovery: {domains: []}\n');
    const port = await freePort();
    const begin = performance.now();
    const service = await startService(root, port);
    const seconds = (installing + performance.now() - begin) / 1000;
    process.stdout.write(`${seconds.toFixed(1)} s from dpkg -i to a green /-/ready\n`);
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(page).toContain('kmswatch_store_up 1');
    expect((await root.run('kmswatch leases')).output).toContain('No lease');
    await service.stop();
    expect(await service.exited).toBe(0);
  });

  test('keeps configuration and state over an update', async () => {
    await root.copyIn(await newer(deb), '/tmp/newer.deb');
    const { code, output } = await root.run('dpkg -i /tmp/newer.deb');
    expect(output).toContain(`over (${manifest.version})`);
    expect(code).toBe(0);
    expect(await root.read('/etc/kmswatch/kmswatch.yml')).toBe('discovery: {domains: []}\n');
    expect((await root.run('ls /var/lib/kmswatch')).output).toContain('kmswatch.db');
  });

  test('leaves both when it is removed, and neither when it is purged', async () => {
    expect((await root.run('dpkg --remove kmswatch')).code).toBe(0);
    const left = async () =>
      (await root.run('find / -xdev -name "*kmswatch*" -not -path "/tmp/*" -not -path "/proc/*"')).output;
    expect(await left()).toContain('/var/lib/kmswatch/kmswatch.db');
    expect(await left()).toContain('/etc/kmswatch/kmswatch.yml');
    expect(await left()).not.toMatch(/\/usr\/(?:lib|bin)\/kmswatch/);
    expect((await root.run('dpkg --purge kmswatch')).code).toBe(0);
    expect(await left()).toBe('');
    expect((await root.run('dpkg -l kmswatch')).code).not.toBe(0);
  });

  test('leaves a state that root or another unit has made to systemd, which gives its user all of it or nothing', async () => {
    await root.run('umask 077; mkdir /var/lib/kmswatch; touch /var/lib/kmswatch/kmswatch.db');
    expect((await root.run('dpkg -i /tmp/kmswatch.deb')).code).toBe(0);
    const { output } = await root.run('stat -c "%a %U" /var/lib/kmswatch /var/lib/kmswatch/kmswatch.db');
    expect(output).toBe('700 root\n600 root\n');
    expect((await root.run('dpkg --purge kmswatch')).code).toBe(0);
  });

  test('runs without being installed: the archive, from wherever it is unpacked, and by a link to its command', async () => {
    const archive = await builtFile('.tar.xz');
    await execute('tar', ['-C', root.at('/opt'), '-xJf', archive]);
    const name = basename(archive, '.tar.xz');
    expect((await root.run(`cd /opt/${name}; ./kmswatch --version`)).output.trim()).toBe(manifest.version);
    await root.run(`ln -s /opt/${name}/kmswatch /usr/local/bin/`);
    const { code, output } = await root.run(
      `/usr/local/bin/kmswatch config check /opt/${name}/config/compose/kmswatch/kmswatch.yml`,
    );
    expect(output).toContain('is valid');
    expect(code).toBe(0);
    expect(await brokenLinks(root.at(`/opt/${name}`))).toEqual([]);
  });
});

describeWithPeers('the Debian package in a bare Debian 13', ['root', 'debootstrap', 'dpkg-deb'], () => {
  test('needs no other package either', async () => {
    const root = await CleanRoot.make('trixie');
    await root.copyIn(await builtFile('.deb'), '/tmp/kmswatch.deb');
    const { code, output } = await root.run('dpkg -i /tmp/kmswatch.deb');
    const state = await root.run('stat -c "%a %U:%G" /var/lib/kmswatch; kmswatch --version');
    await root.remove();
    expect(output).not.toMatch(/error|warning/i);
    expect(code).toBe(0);
    expect(state.output).toBe(`700 kmswatch:kmswatch\n${manifest.version}\n`);
  });
});

describeWithPeers('the overlay for Kubernetes in the Debian package', ['dpkg-deb', 'kustomize'], () => {
  test('can be built where it lies', async () => {
    const folder = await temporaryFolder();
    await execute('dpkg-deb', ['-x', await builtFile('.deb'), folder.path]);
    const overlay = join(folder.path, 'usr/share/doc/kmswatch/config/kubernetes/prometheus-operator');
    const { stdout } = await execute(peerPath('kustomize'), ['build', overlay], { maxBuffer: 1 << 26 });
    await folder.remove();
    for (const kind of ['StatefulSet', 'PrometheusRule', 'ServiceMonitor']) expect(stdout).toContain(`kind: ${kind}\n`);
  });
});

describeWithPeers('lintian', ['lintian'], () => {
  test('finds nothing but what the overrides explain', async () => {
    const { stdout } = await execute(peerPath('lintian'), ['--allow-root', await builtFile('.deb')]).catch(
      (error) => error,
    );
    expect(stdout).toBe('');
  });
});

/** What only a checkout has. */
const OF_THE_CHECKOUT = /(?:^|\/)(?:CONTRIBUTING|RELEASING)\.md$|\/CODEOWNERS$/;

/** Links of all pages in a folder that lead to no file of it. */
async function brokenLinks(folder: string): Promise<string[]> {
  const pages = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.md'));
  expect(pages).toContain('README.md');
  const broken: string[] = [];
  for (const page of pages) {
    const text = await readFile(join(folder, page), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target);
    for (const target of targets.filter((each) => !/^\w+:/.test(each) && !OF_THE_CHECKOUT.test(each))) {
      if (!existsSync(join(folder, dirname(page), target))) broken.push(`${page}: ${target}`);
    }
  }
  return broken;
}

/** The same package under a later version, not compressed. */
async function newer(deb: string): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), 'kmswatch-newer-'));
  await execute('dpkg-deb', ['-R', deb, join(work, 'files')]);
  const control = join(work, 'files/DEBIAN/control');
  const text = await readFile(control, 'utf8');
  await writeFile(control, text.replace(/^Version: .*$/m, `Version: ${manifest.version}+newer`));
  await execute('dpkg-deb', [
    '--root-owner-group',
    '-Znone',
    '--build',
    join(work, 'files'),
    join(tmpdir(), 'kmswatch-newer.deb'),
  ]);
  await rm(work, { recursive: true });
  return join(tmpdir(), 'kmswatch-newer.deb');
}

async function gunzip(file: string): Promise<Buffer> {
  const { stdout } = await execute('gzip', ['-dc', file], { encoding: 'buffer' });
  return stdout;
}
