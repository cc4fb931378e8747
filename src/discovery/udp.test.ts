import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { millis } from '../kernel/time.ts';
import { encodeQuery } from './query.ts';
import { askOverUdp } from './udp.ts';

/** What is thrown in callbacks while the work goes on, where nobody can catch it. */
async function uncaughtIn(work: () => Promise<void>): Promise<readonly unknown[]> {
  const thrown: unknown[] = [];
  const others = process.listeners('uncaughtException');
  const take = (error: unknown): void => void thrown.push(error);
  process.removeAllListeners('uncaughtException').on('uncaughtException', take);
  try {
    await work();
    await turn();
  } finally {
    process.off('uncaughtException', take);
    for (const other of others) process.on('uncaughtException', other);
  }
  return thrown;
}

function afterTicks(count: number, then: () => void): void {
  if (count === 0) then();
  else process.nextTick(() => afterTicks(count - 1, then));
}

it('ends in peace whenever it is cut short, before and after the socket is ready', async () => {
  const server = createSocket('udp4').bind(0, '127.0.0.1');
  await once(server, 'listening');
  const query = { id: 1, name: '_vlmcs._tcp.corp.example', type: 'SRV' } as const;
  const packet = encodeQuery(query, true);
  if (!packet.ok) throw new Error(packet.error);
  const leg = { address: '127.0.0.1', port: server.address().port, query, packet: packet.value, wait: millis(5_000) };
  const thrown = await uncaughtIn(async () => {
    for (let ticks = 0; ticks <= 10; ticks++) {
      const stopping = new AbortController();
      const result = askOverUdp({ ...leg, signal: stopping.signal, ignored: { malformed: 0, mismatch: 0 } });
      afterTicks(ticks, () => stopping.abort());
      expect(await result).toMatchObject({ kind: 'failed', failure: { detail: 'the lookup was cancelled' } });
      await turn();
    }
  });
  server.close();
  expect(thrown).toEqual([]);
});
