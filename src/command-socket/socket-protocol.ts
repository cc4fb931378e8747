import { createHash } from 'node:crypto';
import type { Result } from '../kernel/result.ts';
import { systemPaths } from '../kernel/system-paths.ts';
import type { StoreFailure } from '../store/failure.ts';
import type { StoreAccess } from '../store/store-types.ts';

/** How commands reach the agent that holds a database. */
export interface Meeting {
  readonly path: string;
  /** Whether anyone may open it, so that both sides have to prove that they may (`secret-door.ts`). */
  readonly isGuarded: boolean;
}

/**
 * A socket beside the database, and who may open it may do what a command may. Windows has pipes, whose names
 * are one space for all: it is that of the file, in lower case as Windows does not tell the cases apart.
 */
export function meetingOf(database: string, { isWindows } = systemPaths()): Meeting {
  if (!isWindows) return { path: `${database}.sock`, isGuarded: false };
  const name = createHash('sha256').update(database.toLowerCase()).digest('hex').slice(0, 32);
  return { path: `\\\\.\\pipe\\kmswatch-${name}`, isGuarded: true };
}

/** What commands may ask of a running agent. */
export const SOCKET_CALLS = [
  'ingest',
  'takeInventoryPart',
  'leases',
  'explain',
  'forecast',
  'keys',
  'machines',
  'month',
  'reading',
  'recent',
  'retire',
  'undoRetirement',
  'planRetirement',
  'planErasure',
  'erase',
] as const satisfies readonly (keyof StoreAccess)[];

export type SocketCall = (typeof SOCKET_CALLS)[number];

/** Ends the agent, where there are no signals to ask for it; the connection closes when it has ended. */
export const STOP = 'stop';

/** One line of JSON each. */
export interface SocketRequest {
  readonly call: SocketCall | typeof STOP;
  readonly args: readonly unknown[];
}

export type SocketAnswer = Result<unknown, StoreFailure>;

/** Octets of a line: a batch of an import has some hundred for each record. */
export const MAX_LINE = 64 * 2 ** 20;

/** Cuts a stream into lines. Each chunk is looked at once, and a line may be long. */
export class Lines {
  readonly #onLine: (line: string) => void;
  #pieces: Buffer[] = [];
  #length = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** @returns false when a line is longer than `MAX_LINE` */
  push(chunk: Buffer): boolean {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...this.#pieces, chunk.subarray(from, end)]).toString('utf8');
      this.#pieces = [];
      this.#length = 0;
      from = end + 1;
      this.#onLine(line);
    }
    this.#pieces.push(chunk.subarray(from));
    this.#length += chunk.length - from;
    return this.#length <= MAX_LINE;
  }
}
