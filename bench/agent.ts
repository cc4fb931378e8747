import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { request } from 'undici';
import { z } from 'zod';
import { freePort } from '../test/peers/free-port.ts';
import { temporaryFolder } from '../test/peers/temporary-folder.ts';

const ENTRY = join(import.meta.dirname, '../bin/kmswatch.cjs');
const LOOP_DELAY = join(import.meta.dirname, 'loop-delay.cjs');
const POLL_MS = 5;
const DEADLINE_MS = 120_000;

export const TOKEN = 'a-token-of-the-bench';

const Delay = z.object({ p999: z.number(), max: z.number(), count: z.number(), active: z.number(), cpu: z.number() });

/** The agent as users run it, with one store; by default with nothing to poll. */
export interface BenchAgent {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from the start of the process until it was ready. */
  readonly starting: number;
  /** Milliseconds that its event loop was held up since the last `resetDelay`. */
  delay(): Promise<z.infer<typeof Delay>>;
  resetDelay(): Promise<void>;
  /** Has it read its configuration again with this in it. */
  reload(more: object): Promise<void>;
  stop(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

export interface BenchAgentOptions {
  readonly database: string;
  /** Also measures the delay of the event loop. */
  readonly withDelay?: boolean;
  /** Of its configuration, instead of nothing to poll. */
  readonly more?: object;
}

export async function startAgent({
  database,
  withDelay = false,
  more: own = {},
}: BenchAgentOptions): Promise<BenchAgent> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const configOf = (more: object) => JSON.stringify({ ...settings(database, port), ...own, ...more });
  const config = await folder.write('kmswatch.yml', configOf({}));
  const url = `http://127.0.0.1:${port}`;
  const began = performance.now();
  const child = fork(ENTRY, ['run', '--config', config], {
    execArgv: withDelay ? ['--require', LOOP_DELAY, ...(process.env['PROF'] ?? '').split(' ').filter(Boolean)] : [],
    env: { ...process.env, STATE_DIRECTORY: folder.path },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exit = once(child, 'exit');
  await untilReady(url, child);
  const starting = performance.now() - began;
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exit;
    await folder.remove();
  };
  const ask = async (message: 'read' | 'reset') => {
    child.send(message);
    return Delay.parse((await once(child, 'message'))[0]);
  };
  return {
    url,
    pid: child.pid ?? 0,
    starting,
    delay: () => ask('read'),
    async resetDelay() {
      await ask('reset');
    },
    async reload(more) {
      await writeFile(config, configOf(more));
      await (await request(`${url}/-/reload`, { method: 'POST', headersTimeout: 0 })).body.dump();
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** MiB: the most that a process had resident since `forgetPeak` (proc(5)). */
export async function peakMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    if (await isReady(url)) return;
    await wait(POLL_MS);
  }
  throw new Error('the agent ended, or was not ready in time');
}

async function isReady(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(`${url}/-/ready`);
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}

/** JSON is YAML as well. */
function settings(database: string, port: number): object {
  return {
    discovery: { domains: [] },
    store: { path: database },
    ingest: { token: TOKEN },
    web: { listen: [`127.0.0.1:${port}`] },
    log: { level: 'error' },
  };
}
