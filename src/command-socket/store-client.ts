import { createConnection, type Socket } from 'node:net';
import { err, ok, type Result } from '../kernel/result.ts';
import { type StoreFailure, storeFailure } from '../store/failure.ts';
import { openStore, type StoreOptions } from '../store/store.ts';
import type { StoreAccess } from '../store/store-types.ts';
import { CommandDoor, readSecret, secretPath } from './secret-door.ts';
import { Lines, type Meeting, meetingOf, type SocketAnswer, type SocketCall, STOP } from './socket-protocol.ts';

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
export async function reachStore(
  database: string,
  options: StoreOptions,
  meeting: Meeting = meetingOf(database),
): Promise<Result<StoreClient, string>> {
  const socket = await meet(database, meeting);
  if (!socket.ok) return socket;
  if (socket.value !== undefined) return ok(new SocketClient(socket.value));
  const opened = await openStore(database, options);
  if (!opened.ok) return opened;
  return ok(Object.assign(opened.value, { isAgent: false as const }));
}

/**
 * Asks the agent that holds a database to end, and waits until it has let go of it.
 * @returns false if none is running
 */
export async function stopAgent(
  database: string,
  meeting: Meeting = meetingOf(database),
): Promise<Result<boolean, string>> {
  const socket = await meet(database, meeting);
  if (!socket.ok) return socket;
  if (socket.value === undefined) return ok(false);
  const { value } = socket;
  value.resume();
  const closed = new Promise((resolve) => value.once('close', resolve));
  value.on('error', () => value.destroy());
  value.write(`${JSON.stringify({ call: STOP, args: [] })}\n`);
  await closed;
  return ok(true);
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
  takeInventoryPart: StoreAccess['takeInventoryPart'] = (...args) => this.#ask('takeInventoryPart', args);
  leases: StoreAccess['leases'] = (...args) => this.#ask('leases', args);
  explain: StoreAccess['explain'] = (...args) => this.#ask('explain', args);
  forecast: StoreAccess['forecast'] = (...args) => this.#ask('forecast', args);
  month: StoreAccess['month'] = (...args) => this.#ask('month', args);
  keys: StoreAccess['keys'] = (...args) => this.#ask('keys', args);
  machines: StoreAccess['machines'] = (...args) => this.#ask('machines', args);
  reading: StoreAccess['reading'] = (...args) => this.#ask('reading', args);
  recent: StoreAccess['recent'] = (...args) => this.#ask('recent', args);
  retire: StoreAccess['retire'] = (...args) => this.#ask('retire', args);
  undoRetirement: StoreAccess['undoRetirement'] = (...args) => this.#ask('undoRetirement', args);
  planErasure: StoreAccess['planErasure'] = (...args) => this.#ask('planErasure', args);
  erase: StoreAccess['erase'] = (...args) => this.#ask('erase', args);
  planRetirement: StoreAccess['planRetirement'] = (...args) => this.#ask('planRetirement', args);

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

/** A connection to the agent; undefined when nobody listens. @returns why this user cannot talk to who listens */
async function meet(database: string, { path, isGuarded }: Meeting): Promise<Result<Socket | undefined, string>> {
  const socket = await connect(path);
  if (socket === undefined || !isGuarded) return ok(socket);
  const secret = await readSecret(database);
  if (secret !== undefined && (await prove(socket, new CommandDoor(secret)))) return ok(socket);
  socket.destroy();
  return err(
    secret === undefined
      ? `an agent is running, and this user cannot read ${secretPath(database)}. Run this as an administrator, or as the agent's account.`
      : `who answers on ${path} is not the agent, or does not take this command for one of kmswatch. Restart the agent.`,
  );
}

/** @returns whether both sides have proved that they know the secret */
function prove(socket: Socket, door: CommandDoor): Promise<boolean> {
  return new Promise((resolve) => {
    let isProved = false;
    const end = (proved: boolean): void => {
      socket.removeAllListeners();
      resolve(proved);
    };
    const lines = new Lines((line) => {
      if (isProved) return end(true);
      const answer = door.answer(line);
      if (answer === undefined) return end(false);
      isProved = true;
      socket.write(`${answer}\n`);
    });
    socket.on('data', (chunk: Buffer) => void lines.push(chunk));
    socket.once('close', () => end(false));
    socket.on('error', () => end(false));
    socket.write(`${door.hello}\n`);
  });
}

/** Undefined when nobody listens. */
function connect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
