import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { err, ok, type Result } from '../kernel/result.ts';
import { storeFailure } from '../store/failure.ts';
import type { StoreAccess } from '../store/store-types.ts';
import { Lines, SOCKET_CALLS, type SocketAnswer, type SocketRequest, socketPath } from './socket-protocol.ts';

/** Bytes of a path in `sockaddr_un`, less the 0 at its end (unix(7)). */
const MAX_PATH = 107;

/** Where commands reach the running agent. */
export interface StoreSocket {
  close(): Promise<void>;
}

/**
 * Answers commands on a Unix socket beside the database, mode 0600. A socket that a killed agent left behind is
 * replaced: the store's lock says that no other agent lives.
 * @returns why it cannot listen
 */
export async function serveStore(store: StoreAccess, database: string): Promise<Result<StoreSocket, string>> {
  const path = socketPath(database);
  const length = Buffer.byteLength(path);
  if (length > MAX_PATH) {
    return err(
      `the path ${path} has ${length} bytes, and a socket can have ${MAX_PATH}. Set store.path to a shorter path.`,
    );
  }
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveOne(store, socket);
  });
  const listening = await listen(server, path);
  if (!listening.ok) return listening;
  return ok({
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** The mask makes the socket private from its first moment, chmod whatever the mask of others. */
async function listen(server: Server, path: string): Promise<Result<undefined, string>> {
  const before = process.umask(0o177);
  try {
    await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    await chmod(path, 0o600);
    return ok(undefined);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return err(`cannot listen on ${path}: ${text}. Make the folder writable for this user, or set store.path.`);
  } finally {
    process.umask(before);
  }
}

function serveOne(store: StoreAccess, socket: Socket): void {
  // Answers in the order of questions, as they carry no numbers.
  let turn: Promise<void> = Promise.resolve();
  const lines = new Lines((line) => {
    turn = turn.then(async () => {
      const answer = await answerTo(store, line);
      if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
    });
  });
  socket.on('data', (chunk: Buffer) => {
    if (!lines.push(chunk)) socket.destroy();
  });
  socket.on('error', () => socket.destroy());
}

async function answerTo(store: StoreAccess, line: string): Promise<SocketAnswer> {
  const request = parse(line);
  if (request === undefined) return err(storeFailure('bad_query', 'the agent does not know this request'));
  const call = store[request.call] as (...args: readonly unknown[]) => Promise<SocketAnswer>;
  return call.apply(store, [...request.args]);
}

/** The socket is the user's own, so the arguments are those of the same program. */
function parse(line: string): SocketRequest | undefined {
  try {
    const request: SocketRequest = JSON.parse(line);
    return SOCKET_CALLS.includes(request.call) && Array.isArray(request.args) ? request : undefined;
  } catch {
    return undefined;
  }
}
