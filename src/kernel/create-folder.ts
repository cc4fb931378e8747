import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, ok, type Result } from './result.ts';

/** Makes a folder and those above it. @returns what to do when it cannot be made */
export async function createFolder(folder: string): Promise<Result<undefined, string>> {
  try {
    await makeFolder(folder);
    return ok(undefined);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return err(`cannot create the state folder ${folder}: ${text}. Create it for this user, or set store.path.`);
  }
}

/** Not mkdir's own `recursive`, which never ends where the system says ENOENT for good, as in /proc (Node 24). */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder, { mode: 0o750 });
}
