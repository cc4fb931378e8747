import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** The behaviour of a double on a connection, once the first bytes have arrived (`received`) or at once (`greets`). */
export type Script = (socket: Socket) => void;

export interface TcpDouble {
  readonly port: number;
  /** The data from the peers, one entry per connection. */
  readonly received: Buffer[];
  close(): Promise<void>;
}

/** A TCP server on 127.0.0.1 that plays one script per connection, the last one for all further connections. */
export async function startDouble(...scripts: readonly Script[]): Promise<TcpDouble> {
  const sockets = new Set<Socket>();
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    const index = received.push(Buffer.alloc(0)) - 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (octets: Buffer) => {
      received[index] = Buffer.concat([received[index] ?? Buffer.alloc(0), octets]);
    });
    scripts[Math.min(index, scripts.length - 1)]?.(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    port: address.port,
    received,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends these bytes once any data have arrived, and waits for the peer to close. */
export function answers(octets: Uint8Array): Script {
  return (socket) => {
    socket.once('data', () => socket.write(octets));
  };
}

/** Sends the bytes one at a time, with this many milliseconds between them. */
export function drips(octets: Uint8Array, gap: number): Script {
  return (socket) => {
    socket.setNoDelay(true);
    socket.once('data', () => {
      let sent = 0;
      const timer = setInterval(() => {
        socket.write(octets.subarray(sent, sent + 1));
        sent += 1;
        if (sent === octets.length) clearInterval(timer);
      }, gap);
      socket.once('close', () => clearInterval(timer));
    });
  };
}

/** Sends these bytes and closes the connection properly. */
export function answersAndCloses(octets: Uint8Array): Script {
  return (socket) => {
    socket.once('data', () => socket.end(octets));
  };
}

/** Sends these bytes, and resets the connection a moment later. */
export function answersAndResets(octets: Uint8Array): Script {
  return (socket) => {
    socket.once('data', () => {
      socket.write(octets);
      setTimeout(() => socket.resetAndDestroy(), 30);
    });
  };
}

/** Sends back whatever comes. */
export const echoes: Script = (socket) => {
  socket.on('data', (octets) => socket.write(octets));
};
