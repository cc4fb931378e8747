import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { request } from 'undici';
import { freePort } from '../test/peers/free-port.ts';
import { type TemporaryFolder, temporaryFolder } from '../test/peers/temporary-folder.ts';
import { type BenchHost, makeHosts, startHosts } from './hosts.ts';
import { median, residentMiB } from './measure.ts';
import { mebibytes, milliseconds, print } from './report.ts';

const ROOT = join(import.meta.dirname, '..');
const HOSTS = 20;
const STARTS = 5;
const IDLE_MS = 15_000;
const POLL_MS = 5;
const DEADLINE_MS = 30_000;
const ENTRY = 'bin/kmswatch.cjs';

interface Start {
  /** Milliseconds from the start of the process to a `/metrics` that has every host. */
  readonly complete: number;
  /** MiB, after it was left alone for as long as was asked. */
  readonly resident: number;
}

/** From the start of the agent to its first complete `/metrics`, as published and from source. */
export async function start(): Promise<void> {
  await build();
  const hosts = makeHosts(HOSTS, await freePort(), false);
  const running = await startHosts(hosts);
  const folder = await temporaryFolder();
  const published = [await unpack(folder)];
  // The first start of a package compiles it, the next ones take that from the cache.
  const first = await startAgent(published, hosts, folder, 0);
  const next = [];
  for (let count = 1; count < STARTS; count += 1) next.push(await startAgent(published, hosts, folder, 0));
  const idle = await startAgent(published, hosts, folder, IDLE_MS);
  const source = [join(ROOT, ENTRY)];
  await startAgent(source, hosts, folder, 0);
  const idleSource = await startAgent(source, hosts, folder, IDLE_MS);
  await running.stop();
  await folder.remove();
  print(`From start to the first complete /metrics with ${HOSTS} hosts`, [
    { what: 'the package, first start', value: milliseconds(first.complete), bar: '1500 ms' },
    {
      what: `  later starts, median of ${next.length}`,
      value: milliseconds(median(next.map(({ complete }) => complete))),
      bar: '1500 ms',
    },
    { what: 'from source, a later start', value: milliseconds(idleSource.complete), bar: '1500 ms' },
    { what: `resident memory after ${IDLE_MS / 1000} s`, value: mebibytes(idle.resident), bar: '124 MiB' },
    { what: '  from source', value: mebibytes(idleSource.resident), bar: '124 MiB' },
  ]);
}

/** The package as it is installed: the same files without the source. @returns its entry */
async function unpack(folder: TemporaryFolder): Promise<string> {
  const entry = await folder.write(ENTRY, await readFile(join(ROOT, ENTRY), 'utf8'));
  for (const name of ['dist', 'node_modules', 'package.json']) await symlink(join(ROOT, name), join(folder.path, name));
  return entry;
}

async function build(): Promise<void> {
  const child = spawn('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('npm run build failed');
}

async function startAgent(
  command: readonly string[],
  hosts: readonly BenchHost[],
  folder: TemporaryFolder,
  idleMs: number,
): Promise<Start> {
  const port = await freePort();
  const config = await folder.write('kmswatch.yml', configOf(hosts, port, folder));
  const started = performance.now();
  const child = spawn(process.execPath, [...command, 'run', '--config', config], {
    cwd: folder.path,
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder.path, 'compile-cache') },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  try {
    await complete(`http://127.0.0.1:${port}`, () => child.exitCode !== null);
    const elapsed = performance.now() - started;
    await wait(idleMs);
    return { complete: elapsed, resident: await residentMiB(child.pid ?? 0) };
  } finally {
    child.kill('SIGTERM');
    await exit;
  }
}

/** Asks until the agent is ready and its metrics have every host. */
async function complete(url: string, ended: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (performance.now() < deadline && !ended()) {
    if (await isComplete(url)) return;
    await wait(POLL_MS);
  }
  throw new Error('the agent ended, or had no complete /metrics in time');
}

async function isComplete(url: string): Promise<boolean> {
  try {
    const ready = await request(`${url}/-/ready`);
    await ready.body.dump();
    if (ready.statusCode !== 200) return false;
    const metrics = await (await request(`${url}/metrics`)).body.text();
    return metrics.split('\n').filter((line) => /^kms_host_up\{.*\} 1$/.test(line)).length === HOSTS;
  } catch {
    return false;
  }
}

/** JSON is YAML as well. */
function configOf(hosts: readonly BenchHost[], port: number, folder: TemporaryFolder): string {
  return JSON.stringify({
    discovery: { domains: [] },
    hosts: hosts.map((host) => ({ name: host.address, port: host.port })),
    store: { path: join(folder.path, 'kmswatch.db') },
    web: { listen: [`127.0.0.1:${port}`] },
    log: { level: 'error' },
  });
}
