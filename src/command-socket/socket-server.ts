import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { err, ok, type Result } from '../kernel/result.ts';
import { SECOND_MS } from '../kernel/time.ts';
import { storeFailure } from '../store/failure.ts';
import type { StoreAccess } from '../store/store-types.ts';
import { AgentDoor, MOST_BEFORE, makeSecret } from './secret-door.ts';
import {
  Lines,
  type Meeting,
  meetingOf,
  SOCKET_CALLS,
  type SocketAnswer,
  type SocketRequest,
  STOP,
} from './socket-protocol.ts';

/** Bytes of a path in `sockaddr_un`, less the 0 at its end (unix(7)). */
const MAX_PATH = 107;

/** Where commands reach the running agent. */
export interface StoreSocket {
  close(): Promise<void>;
}

export interface ServeStoreOptions {
  /** Called if a command asks the agent to end. */
  readonly onStop?: () => void;
  /** Default: that of this system. */
  readonly meeting?: Meeting;
}

/** Milliseconds for a connection to prove that it is one of a command. */
const PROOF_PATIENCE = 10 * SECOND_MS;

/**
 * Answers commands on a Unix socket beside the database, mode 0600, or on a pipe of Windows, where both sides have to
 * know a secret. A socket that a killed agent left behind is replaced: the store's lock says that no other agent lives.
 * @returns why it cannot listen
 */
export async function serveStore(
  store: StoreAccess,
  database: string,
  { onStop, meeting = meetingOf(database) }: ServeStoreOptions = {},
): Promise<Result<StoreSocket, string>> {
  const { path, isGuarded } = meeting;
  const length = Buffer.byteLength(path);
  const isPipe = path.startsWith('\\\\');
  if (length > MAX_PATH && !isPipe) {
    return err(
      `the path ${path} has ${length} bytes, and a socket can have ${MAX_PATH}. Set store.path to a shorter path.`,
    );
  }
  const sockets = new Set<Socket>();
  let secret: Buffer | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveOne({ store, onStop }, socket, secret === undefined ? undefined : new AgentDoor(secret));
  });
  const listening = await attempt(path, async () => {
    // Before anyone can connect.
    if (isGuarded) secret = await makeSecret(database);
    await (isPipe ? listen(server, path) : listenPrivately(server, path));
  });
  if (!listening.ok) return listening;
  return ok({
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

async function attempt(path: string, work: () => Promise<void>): Promise<Result<undefined, string>> {
  try {
    await work();
    return ok(undefined);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return err(`cannot listen on ${path}: ${text}. Make the folder writable for this user, or set store.path.`);
  }
}

/** The mask makes the socket private from its first moment, chmod whatever the mask of others. */
async function listenPrivately(server: Server, path: string): Promise<void> {
  const before = process.umask(0o177);
  try {
    await rm(path, { force: true });
    await listen(server, path);
    await chmod(path, 0o600);
  } finally {
    process.umask(before);
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}

interface Served {
  readonly store: StoreAccess;
  readonly onStop: (() => void) | undefined;
}

function serveOne(served: Served, socket: Socket, door: AgentDoor | undefined): void {
  // Answers in the order of questions, as they carry no numbers.
  let turn: Promise<void> = Promise.resolve();
  const lines = new Lines((line) => {
    if (door !== undefined && !door.isOpen) return greet(door, line, socket);
    turn = turn.then(async () => {
      const answer = await answerTo(served, line);
      if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
    });
  });
  if (door !== undefined) socket.setTimeout(PROOF_PATIENCE, () => socket.destroy());
  let before = 0;
  socket.on('data', (chunk: Buffer) => {
    before += door === undefined || door.isOpen ? 0 : chunk.length;
    if (before > MOST_BEFORE || !lines.push(chunk)) socket.destroy();
  });
  socket.on('error', () => socket.destroy());
}

function greet(door: AgentDoor, line: string, socket: Socket): void {
  const answer = socket.destroyed ? undefined : door.take(line);
  if (answer === undefined) socket.destroy();
  else socket.write(`${answer}\n`);
  if (door.isOpen) socket.setTimeout(0);
}

async function answerTo({ store, onStop }: Served, line: string): Promise<SocketAnswer> {
  const request = parse(line);
  if (request?.call === STOP && onStop !== undefined) {
    onStop();
    return ok(null);
  }
  if (request === undefined || request.call === STOP)
    return err(storeFailure('bad_query', 'the agent does not know this request'));
  // Loaded with the first question: its schemas take a while to build.
  const { wrongArguments } = await import('./socket-arguments.ts');
  const wrong = wrongArguments(request.call, request.args);
  if (wrong !== undefined) return err(storeFailure('bad_query', wrong));
  const call = store[request.call] as (...args: readonly unknown[]) => Promise<SocketAnswer>;
  return call.apply(store, [...request.args]);
}

/** @returns undefined if it is no request at all */
function parse(line: string): SocketRequest | undefined {
  try {
    const request: SocketRequest = JSON.parse(line);
    const calls: readonly string[] = [...SOCKET_CALLS, STOP];
    return calls.includes(request?.call) && Array.isArray(request.args) ? request : undefined;
  } catch {
    return undefined;
  }
}
