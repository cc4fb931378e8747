import { accessSync, constants, readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '../kernel/result.ts';
import { pathsOf, type SystemPaths, systemPaths } from '../kernel/system-paths.ts';

/** As Linux follows them: more are a circle. */
const MOST_LINKS = 40;

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
 * `%ProgramData%\\kmswatch\\agent`, else `%LOCALAPPDATA%\\kmswatch`. A link is followed. Creates nothing.
 * @param canWrite whether a directory exists and takes files
 * @returns an absolute path; or what is missing
 */
export function resolveStatePath(
  storePath: string,
  env: StateEnvironment,
  canWrite: (directory: string) => boolean = isWritable,
  system: SystemPaths = systemPaths(),
): Result<string, string> {
  const path = statePath(storePath, env, canWrite, system);
  return path.ok ? ok(targetOf(path.value)) : path;
}

/** SQLite keeps the write-ahead log beside the file that a link leads to; the lock and the socket belong there too. */
function targetOf(path: string): string {
  let target = path;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    try {
      target = resolve(dirname(target), readlinkSync(target));
    } catch {
      // It is no link, or not there yet.
      return target;
    }
  }
  return path;
}

function statePath(
  storePath: string,
  env: StateEnvironment,
  canWrite: (directory: string) => boolean,
  system: SystemPaths,
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
