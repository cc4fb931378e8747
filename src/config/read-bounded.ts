import { type FileHandle, open } from 'node:fs/promises';
import { err, ok, type Result } from '../kernel/result.ts';

const CHUNK = 64 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  ENOTDIR: 'part of its path is not a directory; check the path',
  EACCES: 'permission denied; make it readable for the user that runs kmswatch',
  EISDIR: 'it is a directory; specify a file',
  ELOOP: 'its symbolic links form a loop; check the path',
};

/**
 * Reads a whole file or pipe, up to a limit in bytes.
 * @returns the bytes; or the reason for the failure, and its remedy
 */
export async function readBounded(path: string, limit: number): Promise<Result<Buffer, string>> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const bytes = await readUpTo(handle, limit + 1);
    return bytes.length > limit ? err(`it has more than ${limit} bytes; specify another file`) : ok(bytes);
  } catch (error) {
    return err(reasonOf(error));
  } finally {
    await handle?.close();
  }
}

/** With no more room than it needs: a password is read for every question to every host. */
async function readUpTo(handle: FileHandle, limit: number): Promise<Buffer> {
  // One byte more shows the end; a pipe gives its size as 0.
  const { size } = await handle.stat();
  const parts: Buffer[] = [];
  let length = 0;
  for (let room = Math.min(size + 1, CHUNK); length < limit; room = CHUNK) {
    const piece = Buffer.alloc(Math.min(room, limit - length));
    const filled = await fill(handle, piece);
    parts.push(piece.subarray(0, filled));
    length += filled;
    if (filled < piece.length) break;
  }
  return Buffer.concat(parts);
}

/** @returns bytes read; fewer than there is room for only at the end of the file */
async function fill(handle: FileHandle, piece: Buffer): Promise<number> {
  let filled = 0;
  while (filled < piece.length) {
    const { bytesRead } = await handle.read(piece, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
