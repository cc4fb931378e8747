import { userInfo } from 'node:os';
import type { Terminal } from './terminal.ts';

/** Who is at the keyboard, for the log. */
export function whoAsks({ env }: Terminal): string {
  try {
    const { username } = userInfo();
    return env['SUDO_USER'] === undefined ? username : `${env['SUDO_USER']} (as ${username})`;
  } catch {
    // Containers run under numbers that no file names.
    return `uid ${process.getuid?.()}`;
  }
}
