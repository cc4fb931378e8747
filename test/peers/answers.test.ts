import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { answersDns, answersTcp } from './answers.ts';
import { startBind } from './bind.ts';
import { describeWithPeers } from './peer.ts';

describeWithPeers('a name server answers', ['named'], () => {
  test('if it has every zone', async () => {
    const bind = await startBind({ zones: { 'corp.example': [] } });
    try {
      await expect(answersDns(bind.address, bind.port, ['corp.example'])).resolves.toBe(true);
      await expect(answersDns(bind.address, bind.port, ['corp.example', 'other.example'])).rejects.toThrow('EREFUSED');
    } finally {
      await bind.stop();
    }
  });
});

test.each([
  ['sends an octet', (socket: Socket) => socket.write('x'), true],
  ['closes the connection', (socket: Socket) => socket.end(), false],
  ['says nothing', () => {}, false],
] as const)('a TCP server that %s', async (_, behave, answer) => {
  const server = createServer((socket) => {
    socket.on('error', () => {}).once('data', () => behave(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  expect(await answersTcp((server.address() as AddressInfo).port, Buffer.from('?'))).toBe(answer);
  server.close();
});
