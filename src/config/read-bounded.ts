import { type FileHandle, open } from 'node:fs/promises';
import { err, ok, type Result } from '../kernel/result.ts';

const CHUNK = 64 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  ENOTDIR: 'a part of its path is not a directory; check the path',
  EACCES: 'permission denied; let the user that runs kmswatch read it',
  EISDIR: 'it is a directory; name a file',
  ELOOP: 'its symbolic links lead in a circle; check the path',
};

/**
 * Reads a whole file, also a pipe, of at most so many octets.
 * @returns the octets; or why they cannot be had, and what to do
 */
export async function readBounded(path: string, limit: number): Promise<Result<Buffer, string>> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const bytes = await readUpTo(handle, limit + 1);
    return bytes.length > limit ? err(`it has more than ${limit} octets; name another file`) : ok(bytes);
  } catch (error) {
    return err(reasonOf(error));
  } finally {
    await handle?.close();
  }
}

async function readUpTo(handle: FileHandle, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  while (length < limit) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(CHUNK, limit - length)));
    if (bytesRead === 0) break;
    parts.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(parts);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
