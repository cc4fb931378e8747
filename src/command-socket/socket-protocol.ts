import type { Result } from '../kernel/result.ts';
import type { StoreFailure } from '../store/failure.ts';
import type { StoreAccess } from '../store/store-types.ts';

/** Beside the database; whoever may open it may do what a command may. */
export function socketPath(database: string): string {
  return `${database}.sock`;
}

/** What commands may ask of a running agent. */
export const SOCKET_CALLS = [
  'ingest',
  'leases',
  'explain',
  'forecast',
  'recent',
  'retire',
  'retireSilent',
] as const satisfies readonly (keyof StoreAccess)[];

export type SocketCall = (typeof SOCKET_CALLS)[number];

/** One line of JSON each. */
export interface SocketRequest {
  readonly call: SocketCall;
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
