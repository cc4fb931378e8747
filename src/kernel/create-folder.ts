import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { err, ok, type Result } from './result.ts';

/** Makes a folder and those above it. @returns what to do when it cannot be made */
export function createFolder(folder: string): Result<undefined, string> {
  try {
    makeFolder(folder);
    return ok(undefined);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return err(`cannot create the state folder ${folder}: ${text}. Create it for this user, or set store.path.`);
  }
}

/** Not mkdir's own `recursive`, which never ends where the system says ENOENT for good, as in /proc (Node 24). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o750 });
}
