import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** True when a program is installed: a path, or a name to be found in PATH. */
export function hasBinary(name: string): boolean {
  const { PATH = '' } = process.env;
  const candidates = name.includes('/') ? [name] : PATH.split(':').map((folder) => join(folder, name));
  return candidates.some((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** True when a Python has a module. */
export function hasPythonModule(python: string, module: string): boolean {
  return hasBinary(python) && spawnSync(python, ['-c', `import ${module}`], { timeout: 20_000 }).status === 0;
}
