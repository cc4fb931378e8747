import { accessSync, closeSync, constants, openSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Why this user may not use a database of another one, and what to do; undefined if that is not what is wrong.
 * @param path of the database, which need not be there
 */
export function barredFrom(path: string): string | undefined {
  const owner = ownerOf(path) ?? ownerOf(dirname(path));
  // To its owner, the failure to open it says what is wrong. Windows has no such numbers.
  if (owner === undefined || owner === process.geteuid?.() || mayUse(path)) return undefined;
  const name = nameOf(owner);
  return `this user may not use ${path}: it belongs to ${name}. Run the command as that user (sudo -u ${name}), with the same --config and STATE_DIRECTORY.`;
}

function mayUse(path: string): boolean {
  try {
    closeSync(openSync(path, 'r+'));
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return mayWrite(dirname(path));
    return !isRefusal(error);
  }
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    return !isRefusal(error);
  }
}

/** @returns undefined for what is not there, or what this user cannot see */
function ownerOf(path: string): number | undefined {
  try {
    return process.geteuid === undefined ? undefined : statSync(path).uid;
  } catch {
    return undefined;
  }
}

/** The name of a user; its number, as sudo takes it, if no file names it. */
function nameOf(uid: number): string {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.find((line) => line.split(':')[2] === String(uid))?.split(':', 1)[0] ?? `#${uid}`;
  } catch {
    return `#${uid}`;
  }
}

function isRefusal(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
