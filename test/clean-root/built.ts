import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '../support/agent.ts';

/** The folder with the files of `npm run package`; made now, unless `KMSWATCH_OUT` names one that was made before. */
const folder = process.env['KMSWATCH_OUT'] ?? (await build());

/** The one file of this kind among them. */
export async function builtFile(ending: string): Promise<string> {
  const [name, ...others] = (await readdir(folder)).filter((each) => each.endsWith(ending));
  if (name === undefined || others.length > 0) throw new Error(`${folder} has not one *${ending}`);
  return join(folder, name);
}

async function build(): Promise<string> {
  await promisify(execFile)('npm', ['run', 'package'], { cwd: REPOSITORY });
  return join(REPOSITORY, 'out');
}
