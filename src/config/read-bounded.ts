import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fileFailure } from '../kernel/file-failure.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { SECOND_MS } from '../kernel/time.ts';
import { patiently } from './patiently.ts';

const CHUNK = 64 * 1024;
/** Milliseconds for a pipe to be written to, and between two looks at it. */
const PIPE_PATIENCE = 2 * SECOND_MS;
const PIPE_EVERY = 10;

const SILENT_DISK = 'its disk or network mount does not answer; check the mount';

/**
 * Reads a whole file or pipe, up to a limit in bytes.
 * @returns the bytes; or the reason for the failure, and its remedy
 */
export async function readBounded(path: string, limit: number): Promise<Result<Buffer, string>> {
  const read = await patiently(path, () => readNow(path, limit));
  return read ?? err(SILENT_DISK);
}

/** @returns why a file cannot be opened, and the remedy, otherwise; for one that may be too large to be read for that */
export async function tryToOpen(path: string): Promise<Result<undefined, string>> {
  const opened = await patiently(path, async () => {
    try {
      const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const isFolder = (await handle.stat()).isDirectory();
      await handle.close();
      return isFolder ? err(fileFailure(Object.assign(new Error('a folder'), { code: 'EISDIR' }))) : ok(undefined);
    } catch (error) {
      return err(fileFailure(error));
    }
  });
  return opened ?? err(SILENT_DISK);
}

async function readNow(path: string, limit: number): Promise<Result<Buffer, string>> {
  let handle: FileHandle | undefined;
  try {
    // Opening a pipe would wait for somebody who writes to it.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const bytes = await readUpTo(handle, limit + 1);
    return bytes.length > limit ? err(`it has more than ${limit} bytes; specify another file`) : ok(bytes);
  } catch (error) {
    return err(fileFailure(error));
  } finally {
    await handle?.close();
  }
}

/** With no more room than it needs: a password is read for every question to every host. */
async function readUpTo(handle: FileHandle, limit: number): Promise<Buffer> {
  // One byte more shows the end; a pipe gives its size as 0.
  const stat = await handle.stat();
  const pipe = stat.isFIFO() ? new PipeWait() : undefined;
  const parts: Buffer[] = [];
  let length = 0;
  for (let room = Math.min(stat.size + 1, CHUNK); length < limit; room = CHUNK) {
    const piece = Buffer.alloc(Math.min(room, limit - length));
    const filled = await fill(handle, piece, pipe);
    parts.push(piece.subarray(0, filled));
    length += filled;
    if (filled < piece.length) break;
  }
  return Buffer.concat(parts);
}

/** @returns bytes read; fewer than there is room for only at the end of the file */
async function fill(handle: FileHandle, piece: Buffer, pipe: PipeWait | undefined): Promise<number> {
  let filled = 0;
  while (filled < piece.length) {
    const bytesRead = await (pipe?.read(handle, piece, filled) ?? readSome(handle, piece, filled));
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

async function readSome(handle: FileHandle, piece: Buffer, at: number): Promise<number> {
  return (await handle.read(piece, at)).bytesRead;
}

/** Reads a pipe that was opened without waiting: it says that it is at its end until somebody begins to write. */
class PipeWait {
  readonly #until = performance.now() + PIPE_PATIENCE;
  #hasBegun = false;

  async read(handle: FileHandle, piece: Buffer, at: number): Promise<number> {
    for (;;) {
      const bytesRead = await readSome(handle, piece, at).catch(orNothing);
      if (bytesRead !== undefined) {
        this.#hasBegun ||= bytesRead > 0;
        if (this.#hasBegun) return bytesRead;
      }
      if (performance.now() > this.#until) throw Object.assign(new Error('nothing was written'), { code: 'EAGAIN' });
      await wait(PIPE_EVERY);
    }
  }
}

/** Somebody has the pipe open, and has not written more yet. */
function orNothing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EAGAIN') throw error;
}
