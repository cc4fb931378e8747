import { closeSync, openSync } from 'node:fs';

/** Creates an empty file that only its owner can read, before SQLite creates one that others can: it will have names of machines. */
export function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // It is there already, or SQLite tells why it cannot be.
  }
}
