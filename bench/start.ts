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
import { milliseconds, print, ratio } from './report.ts';

const ROOT = join(import.meta.dirname, '..');
const HOSTS = 20;
const STARTS = 5;
const IDLE_MS = 15_000;
const POLL_MS = 5;
const DEADLINE_MS = 120_000;
const ENTRY = 'bin/kmswatch.cjs';

interface Start {
  /** Milliseconds from the start of the process to a `/metrics` that has every host. */
  readonly complete: number;
  /** Decimal megabytes, after it was left alone for as long as was asked. */
  readonly resident: number;
}

/**
 * What the package's commands take to start: each beside `node -e 0` in turn, as ratios of the medians. The first of
 * each fills the compile cache and is not counted.
 */
export async function start(): Promise<void> {
  await build();
  const hosts = makeHosts(HOSTS, await freePort(), false);
  const running = await startHosts(hosts);
  const folder = await temporaryFolder();
  const entry = await unpack(folder);
  const [host] = hosts;
  const check = [entry, 'check', '--host', `${host?.address}:${host?.port}`];
  const first = await startAgent(entry, hosts, folder, 0);
  await timeOf(check, folder);
  const [nothing, version, look, complete]: number[][] = [[], [], [], []];
  for (let count = 0; count < STARTS; count += 1) {
    nothing?.push(await timeOf(['-e', '0'], folder));
    version?.push(await timeOf([entry, '--version'], folder));
    look?.push(await timeOf(check, folder));
    complete?.push((await startAgent(entry, hosts, folder, 0)).complete);
  }
  const idle = await startAgent(entry, hosts, folder, IDLE_MS);
  await running.stop();
  await folder.remove();
  const one = median(nothing ?? []);
  const beside = (times: readonly number[] = []) => `${ratio(median(times) / one)} (${milliseconds(median(times))})`;
  print(`The package's starts as multiples of node -e 0 (${milliseconds(one)}), medians of ${STARTS}`, [
    { what: '--version', value: beside(version), bar: '2' },
    { what: 'check of one host', value: beside(look), bar: '5' },
    { what: `first complete /metrics of ${HOSTS} hosts`, value: beside(complete), bar: '6' },
    { what: '  the very first, which compiles', value: beside([first.complete]) },
    { what: `resident memory after ${IDLE_MS / 1000} s`, value: `${idle.resident.toFixed(1)} MB`, bar: '100 MB' },
  ]);
}

/** Milliseconds that Node takes for this, to its end. */
async function timeOf(args: readonly string[], folder: TemporaryFolder): Promise<number> {
  const started = performance.now();
  await once(spawn(process.execPath, args, { env: environment(folder), stdio: 'ignore' }), 'exit');
  return performance.now() - started;
}

function environment(folder: TemporaryFolder): NodeJS.ProcessEnv {
  return { ...process.env, NODE_COMPILE_CACHE: join(folder.path, 'compile-cache') };
}

/** The package as it is installed: the same files without the source, and no other package. @returns its entry */
async function unpack(folder: TemporaryFolder): Promise<string> {
  const entry = await folder.write(ENTRY, await readFile(join(ROOT, ENTRY), 'utf8'));
  for (const name of ['dist', 'package.json']) await symlink(join(ROOT, name), join(folder.path, name));
  return entry;
}

async function build(): Promise<void> {
  const child = spawn('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('npm run build failed');
}

async function startAgent(
  entry: string,
  hosts: readonly BenchHost[],
  folder: TemporaryFolder,
  idleMs: number,
): Promise<Start> {
  const port = await freePort();
  const config = await folder.write('kmswatch.yml', configOf(hosts, port, folder));
  const started = performance.now();
  const child = spawn(process.execPath, [entry, 'run', '--config', config], {
    cwd: folder.path,
    env: environment(folder),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  try {
    await complete(`http://127.0.0.1:${port}`, () => child.exitCode !== null);
    const elapsed = performance.now() - started;
    await wait(idleMs);
    return { complete: elapsed, resident: ((await residentMiB(child.pid ?? 0)) * 2 ** 20) / 1e6 };
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
