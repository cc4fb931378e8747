import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { MINUTE_MS } from '../kernel/time.ts';
import { HEADER_LENGTH, KMS_INTERFACE, PTYPE } from '../probe/pdu.ts';
import {
  ACCEPTED,
  ACCESS_DENIED,
  bindAck,
  bindNak,
  fault,
  LOCAL_LIMIT_EXCEEDED,
  UNKNOWN_INTERFACE,
} from './bind-answers.ts';

/** How a simulated host behaves. */
export const SIMULATED_HOST_KINDS = [
  /** Accepts a bind to the KMS interface and refuses any other, as Windows does. */
  'healthy',
  /** As `healthy`, but late. */
  'slow',
  /** Accepts a bind to any interface, as emulators do. */
  'impostor',
  'not_kms',
  'busy',
  'denied',
  /** Accepts the connection and says nothing. */
  'silent',
  /** Closes the connection at once. */
  'closes',
  'http',
  'ssh',
  'tls',
] as const;
export type SimulatedHostKind = (typeof SIMULATED_HOST_KINDS)[number];

export interface SimulatedHostOptions {
  readonly kind: SimulatedHostKind;
  /** A loopback address; default 127.0.0.1. */
  readonly address?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** Milliseconds from the bind to the answer of a `slow` host; default 800. */
  readonly delay?: number;
}

/** A simulated host that listens. */
export interface SimulatedHost {
  readonly kind: SimulatedHostKind;
  readonly address: string;
  readonly port: number;
  /** Connections taken so far. */
  connections(): number;
  /** Stops listening and drops all connections. */
  close(): Promise<void>;
}

/** A bind with one context and one transfer syntax has 72 octets; nobody here is sent a longer one than with several. */
const MAX_BIND = 1024;

/** Where the interface's 16 octets are in a bind with its first context (C706 12.6.4.3). */
const INTERFACE_OFFSET = 32;

/** Milliseconds after which a connection is dropped, whatever it does. */
const LONGEST_CONNECTION = MINUTE_MS;

/**
 * Starts a host that answers one bind per connection, and nothing else: it drops the connection at any other message,
 * so that no activation request can ever be answered by it.
 * @throws what listening throws, such as EADDRINUSE
 */
export async function startSimulatedHost(options: SimulatedHostOptions): Promise<SimulatedHost> {
  const { kind, address = '127.0.0.1', port = 0, delay = 800 } = options;
  const sockets = new Set<Socket>();
  let taken = 0;
  const server = createServer((socket) => {
    taken += 1;
    sockets.add(socket);
    const longest = setTimeout(() => socket.destroy(), LONGEST_CONNECTION);
    socket.on('close', () => {
      clearTimeout(longest);
      sockets.delete(socket);
    });
    // The peer may reset at any time, which is not this host's business.
    socket.on('error', () => socket.destroy());
    serve(socket, kind, kind === 'slow' ? delay : 0);
  });
  server.listen(port, address);
  await once(server, 'listening');
  return {
    kind,
    address,
    port: portOf(server.address()),
    connections: () => taken,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(socket: Socket, kind: SimulatedHostKind, delay: number): void {
  switch (kind) {
    case 'silent':
      socket.resume();
      return;
    case 'closes':
      socket.resume().end();
      return;
    case 'ssh':
      // RFC 4253 4.2: the server speaks first.
      socket.resume().end('SSH-2.0-OpenSSH_9.6\r\n');
      return;
    case 'http':
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
      return;
    case 'tls':
      // RFC 8446 6: a fatal alert, unexpected_message.
      socket.once('data', () => socket.end(Uint8Array.of(0x15, 0x03, 0x03, 0, 2, 2, 10)));
      return;
    default:
      answerOneBind(socket, delay, (interfaceId) => answerOf(kind, socket.localPort ?? 0, interfaceId));
  }
}

function answerOneBind(socket: Socket, delay: number, answer: (interfaceId: Buffer) => Uint8Array): void {
  let received = Buffer.alloc(0);
  socket.on('data', (octets) => {
    received = Buffer.concat([received, typeof octets === 'string' ? Buffer.from(octets) : octets]);
    const state = bindState(received);
    if (state === 'incomplete') return;
    socket.removeAllListeners('data');
    // Only the first message counts, and anything after it is a message too many.
    socket.on('data', () => socket.destroy());
    if (state === 'not a bind') {
      socket.destroy();
      return;
    }
    const message = answer(received.subarray(INTERFACE_OFFSET, INTERFACE_OFFSET + 16));
    if (delay === 0) {
      socket.write(message);
      return;
    }
    const late = setTimeout(() => socket.write(message), delay);
    socket.once('close', () => clearTimeout(late));
  });
}

function bindState(received: Buffer): 'incomplete' | 'not a bind' | 'bind' {
  if (received.length < HEADER_LENGTH) return 'incomplete';
  const length = received.readUInt16LE(8);
  const isBind = received[0] === 5 && received[1] === 0 && received[2] === PTYPE.bind;
  if (!isBind || length < INTERFACE_OFFSET + 16 || length > MAX_BIND || received.length > length) return 'not a bind';
  return received.length < length ? 'incomplete' : 'bind';
}

function answerOf(
  kind: 'healthy' | 'slow' | 'impostor' | 'not_kms' | 'busy' | 'denied',
  port: number,
  interfaceId: Buffer,
): Uint8Array {
  switch (kind) {
    case 'busy':
      return bindNak(LOCAL_LIMIT_EXCEEDED);
    case 'denied':
      return fault(ACCESS_DENIED);
    case 'impostor':
      return bindAck(port, ACCEPTED);
    case 'not_kms':
      return bindAck(port, UNKNOWN_INTERFACE);
    case 'healthy':
    case 'slow':
      return bindAck(port, interfaceId.equals(KMS_INTERFACE.uuid) ? ACCEPTED : UNKNOWN_INTERFACE);
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a port');
  return address.port;
}
