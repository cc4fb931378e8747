/** Hosts that accept a bind and close at a call, and others with faults; nothing here can answer a request. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { z } from 'zod';
import { answer, readInput } from './child.ts';
import { BEHAVIOURS, type Behaviour } from './hosts.ts';

const BIND_LENGTH = 72;
const BIND_ACK = Buffer.from(
  // Header, fragment sizes, association group, secondary address "1688", one result (acceptance), NDR 2.0: C706 12.6.4.4.
  '05000c03100000003c00000001000000d016d01601000000050031363838000001000000000000000' +
    '45d888aeb1cc9119fe808002b10486002000000',
  'hex',
);

const hosts = await readInput(z.array(z.object({ address: z.ipv4(), port: z.int(), behaviour: z.enum(BEHAVIOURS) })));

for (const { address, port, behaviour } of hosts) {
  if (behaviour === 'refused') continue;
  const server = createServer((socket) => serve(socket, behaviour)).listen({ port, host: address, backlog: 1024 });
  await once(server, 'listening');
}
answer({ ready: true });

function serve(socket: Socket, behaviour: Behaviour): void {
  let received = 0;
  socket.on('error', () => socket.destroy());
  socket.on('data', (octets) => {
    received += octets.length;
    if (received > BIND_LENGTH) socket.destroy();
    else if (received === BIND_LENGTH) reply(socket, behaviour);
  });
}

function reply(socket: Socket, behaviour: Behaviour): void {
  if (behaviour === 'healthy') socket.write(BIND_ACK);
  if (behaviour === 'torn') socket.end(BIND_ACK.subarray(0, 20));
  if (behaviour === 'not_rpc') socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
}
