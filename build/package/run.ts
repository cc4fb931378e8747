import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };

export const ROOT = join(import.meta.dirname, '../..');
/** What is made for users. */
export const OUT = join(ROOT, 'out');
export const VERSION: string = manifest.version;

/** As Node and its archives say it, and as Debian does. */
export const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** For a trial: packages as large as their contents, in seconds. The same commit makes the same bits either way. */
export const IS_QUICK = process.env['KMSWATCH_COMPRESSION'] === 'none';

const execute = promisify(execFile);

/** Runs a program in the checkout. @returns its output @throws if it fails, with what it said */
export async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await execute(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env, LC_ALL: 'C.UTF-8' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** The time of the commit, in seconds since 1970; `SOURCE_DATE_EPOCH` where there is no checkout. */
export async function commitTime(): Promise<string> {
  return process.env['SOURCE_DATE_EPOCH'] ?? (await run('git', ['log', '-1', '--format=%ct'])).trim();
}

/** What a command of the staged program prints. */
export function runKmswatch(program: string, ...args: readonly string[]): Promise<string> {
  return run(process.execPath, [join(program, 'bin/kmswatch.cjs'), ...args]);
}
