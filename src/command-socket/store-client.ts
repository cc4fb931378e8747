import { createConnection, type Socket } from 'node:net';
import { err, ok, type Result } from '../kernel/result.ts';
import { type StoreFailure, storeFailure } from '../store/failure.ts';
import { openStore, type StoreOptions } from '../store/store.ts';
import type { StoreAccess } from '../store/store-types.ts';
import { Lines, type SocketAnswer, type SocketCall, socketPath } from './socket-protocol.ts';

/** The store of a running agent, or the file itself. */
export interface StoreClient extends StoreAccess {
  /** Whether an agent answers, rather than the file. */
  readonly isAgent: boolean;
  close(): Promise<void>;
}

/**
 * Reaches the store for a command: through the agent that holds it, else by opening the file.
 * @returns what is wrong, and what to do
 */
export async function reachStore(database: string, options: StoreOptions): Promise<Result<StoreClient, string>> {
  const socket = await connect(socketPath(database));
  if (socket !== undefined) return ok(new SocketClient(socket));
  const opened = await openStore(database, options);
  if (!opened.ok) return opened;
  return ok(Object.assign(opened.value, { isAgent: false as const }));
}

class SocketClient implements StoreClient {
  readonly isAgent = true;
  readonly #socket: Socket;
  readonly #waiting: ((answer: SocketAnswer) => void)[] = [];
  #gone: StoreFailure | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    const lines = new Lines((line) => this.#waiting.shift()?.(JSON.parse(line)));
    socket.on('data', (chunk: Buffer) => lines.push(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#gone = storeFailure('closed', 'the running agent closed the connection');
      for (const settle of this.#waiting.splice(0)) settle(err(this.#gone));
    });
  }

  ingest: StoreAccess['ingest'] = (...args) => this.#ask('ingest', args);
  leases: StoreAccess['leases'] = (...args) => this.#ask('leases', args);
  explain: StoreAccess['explain'] = (...args) => this.#ask('explain', args);
  forecast: StoreAccess['forecast'] = (...args) => this.#ask('forecast', args);
  recent: StoreAccess['recent'] = (...args) => this.#ask('recent', args);
  retire: StoreAccess['retire'] = (...args) => this.#ask('retire', args);
  retireSilent: StoreAccess['retireSilent'] = (...args) => this.#ask('retireSilent', args);

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.end(resolve));
  }

  #ask<T>(call: SocketCall, args: readonly unknown[]): Promise<Result<T, StoreFailure>> {
    if (this.#gone !== undefined) return Promise.resolve(err(this.#gone));
    return new Promise((resolve) => {
      this.#waiting.push((answer) => resolve(answer as Result<T, StoreFailure>));
      this.#socket.write(`${JSON.stringify({ call, args })}\n`);
    });
  }
}

/** Undefined when nobody listens. */
function connect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
