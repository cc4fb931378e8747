import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileFailure, IS_FOLDER, NO_SUCH_PROGRAM } from '../kernel/file-failure.ts';
import { systemPaths } from '../kernel/system-paths.ts';
import { patiently } from './patiently.ts';

/**
 * Why the program of a command cannot be run; undefined if it can, or if that is not known: a relative path starts at the
 * folder of the agent, Windows adds endings to names, and a mount may not answer.
 * @param program a full path, or a name to be found in `PATH`
 */
export async function programMistake(program: string, path = process.env['PATH'] ?? ''): Promise<string | undefined> {
  if (systemPaths().isWindows) return undefined;
  if (isAbsolute(program)) return named(program, await failureOf(program));
  if (program.includes('/')) return undefined;
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    if ((await failureOf(join(folder, program))) === undefined) return undefined;
  }
  return named(program, NO_SUCH_PROGRAM);
}

function named(program: string, failure: string | undefined): string | undefined {
  return failure === undefined ? undefined : `cannot run ${program}: ${failure}`;
}

async function failureOf(file: string): Promise<string | undefined> {
  return await patiently(file, async () => {
    try {
      if ((await stat(file)).isDirectory()) return IS_FOLDER;
      await access(file, constants.X_OK);
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such program; check the path';
  return code === 'EACCES' ? 'it is not a program, or you have no right to run it' : fileFailure(error);
}
