import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../peers/temporary-folder.ts';

const SCRIPT = join(import.meta.dirname, '../support/first-start.cjs');

it('npm ci leaves the sources stripped and compiled, those of the threads as well, and nothing else', async () => {
  const folder = await temporaryFolder();
  await promisify(execFile)(process.execPath, [SCRIPT], { env: { ...process.env, TMPDIR: folder.path } });
  expect(await readdir(folder.path)).toEqual(['node-compile-cache']);
  const [version = ''] = await readdir(join(folder.path, 'node-compile-cache'));
  const compiled = await readdir(join(folder.path, 'node-compile-cache', version));
  // The agent and its dependencies: some 1,200 modules.
  expect(compiled.length).toBeGreaterThan(1000);
  await folder.remove();
});
