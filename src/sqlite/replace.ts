import { linkSync, renameSync, rmSync } from 'node:fs';

/** Where a damaged database is kept. */
export function damagedPath(path: string): string {
  return `${path}.damaged`;
}

/**
 * Puts another database in the place of a damaged one, which is kept beside it; nobody may have either open. There is
 * a database at the path at every moment. The write-ahead log goes first: SQLite would apply it to whatever is there.
 */
export function replaceDamaged(path: string, by: string): void {
  rmSync(damagedPath(path), { force: true });
  linkSync(path, damagedPath(path));
  for (const part of ['-wal', '-shm']) rmSync(`${path}${part}`, { force: true });
  renameSync(by, path);
}
