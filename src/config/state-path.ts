import { accessSync, constants } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { err, ok, type Result } from '../kernel/result.ts';

const SYSTEM_STATE = '/var/lib/kmswatch';

/** The folders that `process.env` names. */
export interface StateEnvironment {
  readonly STATE_DIRECTORY?: string | undefined;
  readonly XDG_STATE_HOME?: string | undefined;
  readonly HOME?: string | undefined;
}

/**
 * The full path of `store.path`: unchanged if absolute, else in `$STATE_DIRECTORY`, else in /var/lib/kmswatch if that
 * is writable, else in `$XDG_STATE_HOME/kmswatch`, else in `~/.local/state/kmswatch`. Creates nothing.
 * @param canWrite whether a directory exists and takes files
 * @returns an absolute path; or what is missing
 */
export function resolveStatePath(
  storePath: string,
  env: StateEnvironment,
  canWrite: (directory: string) => boolean = isWritable,
): Result<string, string> {
  if (isAbsolute(storePath)) return ok(storePath);
  // systemd lists several directories with colons between them (systemd.exec, StateDirectory=).
  const given = absolute(env.STATE_DIRECTORY?.split(':')[0]);
  if (given !== undefined) return ok(join(given, storePath));
  if (canWrite(SYSTEM_STATE)) return ok(join(SYSTEM_STATE, storePath));
  const home = absolute(env.HOME);
  // The XDG base directory specification: a relative path is invalid and to be ignored.
  const state = absolute(env.XDG_STATE_HOME) ?? (home === undefined ? undefined : join(home, '.local/state'));
  if (state === undefined) {
    return err(
      `no folder for ${storePath}: ${SYSTEM_STATE} is not writable and HOME is not set; give an absolute store.path`,
    );
  }
  return ok(join(state, 'kmswatch', storePath));
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
