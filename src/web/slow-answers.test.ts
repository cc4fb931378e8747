import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { app, fakeStore } from '../../test/support/web-app.ts';
import { ok } from '../kernel/result.ts';
import { SECOND_MS } from '../kernel/time.ts';
import type { LeaseJson } from '../leases/lease-json.ts';

const wait = setTimeout;
const LEASE = { client: 'x'.repeat(253) } as LeaseJson;
const PAGE = { leases: new Array<LeaseJson>(1_000).fill(LEASE), next_cursor: 'next', previous_cursor: null };

afterEach(() => {
  vi.useRealTimers();
});

/** An agent with more leases than any buffer holds. */
async function endless() {
  let pages = 0;
  const leases = async () => {
    pages += 1;
    return ok(PAGE);
  };
  const one = app({ store: () => fakeStore({ leases }) });
  await one.listen({ host: '127.0.0.1', port: 0 });
  return { one, pages: () => pages, port: (one.server.address() as AddressInfo).port };
}

async function ask(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.pause();
  socket.write('GET /leases.csv HTTP/1.1\r\nHost: x\r\n\r\n');
  return socket;
}

/** Resolves when nothing more of the answer is made: the client has to take some first. */
async function stuck(pages: () => number): Promise<void> {
  for (let before = -1; before !== pages(); ) {
    before = pages();
    await new Promise((resolve) => wait(resolve, 150));
    // The machine may have stood still meanwhile.
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  }
}

/** Takes octets until more of the answer is made. */
async function takeSome(socket: Socket, pages: () => number): Promise<void> {
  const before = pages();
  socket.resume();
  for (let tries = 0; pages() === before && tries < 100; tries += 1) await new Promise((resolve) => wait(resolve, 20));
  expect(pages(), 'the answer goes on').toBeGreaterThan(before);
  socket.pause();
  await stuck(pages);
}

it('a long answer may take as long as it needs while it is taken, and is broken off when it is not', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { one, pages, port } = await endless();
  const socket = await ask(port);
  let octets = '';
  socket.on('data', (data: Buffer) => {
    octets = data.toString('latin1').slice(-5);
  });
  const gone = once(socket, 'close');
  await stuck(pages);
  for (let part = 0; part < 3; part += 1) {
    vi.advanceTimersByTime(50 * SECOND_MS);
    await takeSome(socket, pages);
  }
  vi.advanceTimersByTime(61 * SECOND_MS);
  socket.resume();
  await gone;
  expect(octets, 'the end of the chunks, which says that this is all').not.toBe('0\r\n\r\n');
  await one.close();
});

it('only some exports run at a time', async () => {
  const { one, port } = await endless();
  const sockets: Socket[] = [];
  for (let count = 0; count < 8; count += 1) {
    const socket = await ask(port);
    sockets.push(socket);
    await once(socket, 'readable');
  }
  const refused = await fetch(`http://127.0.0.1:${port}/leases.csv`);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  sockets.pop()?.destroy();
  await expect
    .poll(async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/leases.csv`);
      await answer.body?.cancel();
      return answer.status;
    })
    .toBe(200);
  for (const socket of sockets) socket.destroy();
  await one.close();
});
