import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { TcpStream } from './tcp-stream.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

async function serve(onConnection: (socket: Socket) => void): Promise<number> {
  server = createServer(onConnection);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

const unexpected = (error: Error): never => {
  throw error;
};

test('octets go both ways, more than one read takes, and in their order', async () => {
  const port = await serve((socket) => socket.pipe(socket));
  const sent = Buffer.from(Array.from({ length: 1_000_000 }, (_, n) => (n * 7 + (n >> 8)) & 255));
  const streams = [1, 2].map(() => new TcpStream({ host: '127.0.0.1', port }, unexpected));

  for (const stream of streams) stream.end(sent);
  const back = await Promise.all(
    streams.map(async (stream) => Buffer.concat(await (stream.toArray() as Promise<Buffer[]>))),
  );

  for (const octets of back) expect(octets.equals(sent)).toBe(true);
});

test('a reader that does not read holds the sender back', async () => {
  let sent = 0;
  const port = await serve((socket) => {
    const more = (): void => {
      while (sent < 64_000_000) {
        sent += 65_536;
        if (!socket.write(Buffer.alloc(65_536))) return;
      }
    };
    socket.on('drain', more).on('error', () => {});
    more();
  });
  const stream = new TcpStream({ host: '127.0.0.1', port }, unexpected);

  await once(stream, 'readable');
  await new Promise((resolve) => setTimeout(resolve, 300));

  expect(sent).toBeLessThan(32_000_000);
  stream.destroy();
});

test('why there is no connection is reported, and is no error of the stream', async () => {
  const told: Error[] = [];
  const port = await serve(() => {});
  await new Promise((resolve) => server?.close(resolve));
  const stream = new TcpStream({ host: '127.0.0.1', port }, (error) => told.push(error));

  await once(stream, 'close');

  expect(told).toMatchObject([{ code: 'ECONNREFUSED' }]);
});

test('what is destroyed closes its connection', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const port = await serve((socket) =>
    socket
      .on('error', () => {})
      .once('close', () => resolve())
      .resume(),
  );
  const stream = new TcpStream({ host: '127.0.0.1', port }, unexpected);
  await once(server as Server, 'connection');

  stream.destroy();

  await promise;
});
