import { accessSync, constants } from 'node:fs';
import { err, ok, type Result } from '../kernel/result.ts';
import { pathsOf, type SystemPaths, systemPaths } from '../kernel/system-paths.ts';

/** The folders that `process.env` names. */
export interface StateEnvironment {
  readonly STATE_DIRECTORY?: string | undefined;
  readonly XDG_STATE_HOME?: string | undefined;
  readonly HOME?: string | undefined;
  /** Of a user of Windows. */
  readonly LOCALAPPDATA?: string | undefined;
}

/**
 * The full path of `store.path`: unchanged if absolute, else in `$STATE_DIRECTORY`, else in /var/lib/kmswatch if that
 * is writable, else in `$XDG_STATE_HOME/kmswatch`, else in `~/.local/state/kmswatch`. On Windows it is
 * `%ProgramData%\\kmswatch\\agent`, else `%LOCALAPPDATA%\\kmswatch`. Creates nothing.
 * @param canWrite whether a directory exists and takes files
 * @returns an absolute path; or what is missing
 */
export function resolveStatePath(
  storePath: string,
  env: StateEnvironment,
  canWrite: (directory: string) => boolean = isWritable,
  system: SystemPaths = systemPaths(),
): Result<string, string> {
  const { isAbsolute, join, delimiter } = pathsOf(system);
  const absolute = (path: string | undefined) => (path !== undefined && isAbsolute(path) ? path : undefined);
  if (isAbsolute(storePath)) return ok(storePath);
  // systemd lists several directories with colons between them (systemd.exec, StateDirectory=).
  const given = absolute(env.STATE_DIRECTORY?.split(delimiter)[0]);
  if (given !== undefined) return ok(join(given, storePath));
  if (canWrite(system.state)) return ok(join(system.state, storePath));
  if (system.isWindows) return ofWindowsUser(absolute(env.LOCALAPPDATA), storePath, system);
  const home = absolute(env.HOME);
  // The XDG base directory specification: a relative path is invalid and to be ignored.
  const state = absolute(env.XDG_STATE_HOME) ?? (home === undefined ? undefined : join(home, '.local/state'));
  if (state === undefined) {
    return err(
      `no folder for ${storePath}: ${system.state} is not writable and HOME is not set; give an absolute store.path`,
    );
  }
  return ok(join(state, 'kmswatch', storePath));
}

function ofWindowsUser(folder: string | undefined, storePath: string, system: SystemPaths): Result<string, string> {
  if (folder !== undefined) return ok(pathsOf(system).join(folder, 'kmswatch', storePath));
  return err(
    `no folder for ${storePath}: ${system.state} is not there or not writable, and LOCALAPPDATA is not set; give an absolute store.path`,
  );
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
