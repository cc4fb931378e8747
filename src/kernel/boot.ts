import { readFileSync } from 'node:fs';

/**
 * A name for the time since the machine was started, within which the monotonic clock of all its processes is one.
 * Source: https://docs.kernel.org/admin-guide/sysctl/kernel.html (random/boot_id).
 * @returns undefined where the system does not tell
 */
export function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}
