/**
 * `npm test`: formatting, lint, types and all tests. Every step runs, whatever became of the one before; each failure is
 * named at the end, and the last line has Vitest's own figures.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPeers } from './peers/find-peer.ts';
import { readFigures } from './vitest-figures.ts';

const ROOT = join(import.meta.dirname, '..');
/** Milliseconds that children have to stop after a signal. */
const KILL_AFTER_MS = 3_000;

const stopping = new AbortController();
let running: ChildProcess | undefined;

process.exitCode = await main();

async function main(): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  const failed: string[] = [];
  await step('lint', failed, () => run('biome', 'check', '--error-on-warnings', '.'));
  await step('types', failed, () => run('tsc'));
  const folder = await mkdtemp(join(tmpdir(), 'kmswatch-run-'));
  const report = join(folder, 'report.json');
  await step('tests', failed, () =>
    run('vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`),
  );
  const figures = await readFigures(report);
  await rm(folder, { recursive: true, force: true });
  for (const line of figures.skipped) say(`skipped: ${line}`);
  const missing = missingPeers();
  if (missing.length > 0)
    say(`peers not installed: ${missing.join(', ')}; as root, test/peers/install.sh installs them`);
  if (stopping.signal.aborted) say('stopped by a signal');
  if (failed.length > 0) say(`failed steps: ${failed.join(', ')}`);
  say(`${figures.passed} passed, ${figures.failed} failed`);
  return failed.length === 0 ? 0 : 1;
}

async function step(name: string, failed: string[], body: () => Promise<boolean>): Promise<void> {
  if (stopping.signal.aborted) {
    failed.push(name);
    return;
  }
  say(`--- ${name}`);
  if (!(await body())) failed.push(name);
}

/** Runs a program of node_modules in its own process group, so that a signal reaches all that it started. */
function run(program: string, ...args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(join(ROOT, 'node_modules/.bin', program), args, {
      cwd: ROOT,
      stdio: 'inherit',
      detached: true,
    });
    running = child;
    child.once('error', (error) => {
      say(`${program}: ${error.message}; run npm ci`);
      resolve(false);
    });
    child.once('close', (code) => {
      running = undefined;
      resolve(code === 0);
    });
  });
}

function stop(signal: NodeJS.Signals): void {
  stopping.abort();
  const pid = running?.pid;
  if (pid === undefined) return;
  signalGroup(pid, signal);
  setTimeout(() => signalGroup(pid, 'SIGKILL'), KILL_AFTER_MS).unref();
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
