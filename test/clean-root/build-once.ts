import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { REPOSITORY } from '../support/agent.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with the files of `npm run package`. */
    out: string;
  }
}

/** Makes the packages, once for all files of a run, unless `KMSWATCH_OUT` names a folder with some that were made before. */
export async function setup({ provide }: TestProject): Promise<void> {
  provide('out', process.env['KMSWATCH_OUT'] ?? (await build()));
}

async function build(): Promise<string> {
  await promisify(execFile)('npm', ['run', 'package'], { cwd: REPOSITORY });
  return join(REPOSITORY, 'out');
}
