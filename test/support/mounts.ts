import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Whether file systems can be mounted here: as root, outside of most containers. */
export const CAN_MOUNT = canMount();

export interface Disk {
  readonly path: string;
  setReadOnly(isReadOnly: boolean): void;
  remove(): void;
}

/** A disk of this many KiB. */
export function mountDisk(path: string, kib: number): Disk {
  mkdirSync(path, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'kmswatch-test', path]);
  return {
    path,
    setReadOnly: (isReadOnly) => {
      execFileSync('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, path]);
    },
    remove: () => {
      execFileSync('umount', ['-l', path]);
    },
  };
}

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'kmswatch-test', '/mnt'], { stdio: 'ignore' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}
