import { afterEach, expect, it } from 'vitest';
import { freePort } from '../../test/peers/free-port.ts';
import { Listeners } from './listeners.ts';

const listeners = new Listeners((_request, response) => response.end('here'));
afterEach(() => listeners.close());

function urls(): string[] {
  return listeners.addresses.map((address) => `http://${address}/`);
}

it('serves one handler at several addresses, IPv6 among them', async () => {
  await listeners.listen([
    { host: '127.0.0.1', port: 0 },
    { host: '::1', port: 0 },
  ]);
  for (const url of urls()) expect(await (await fetch(url)).text()).toBe('here');
  expect(urls()[1]).toMatch(/^http:\/\/\[::1\]:\d+\/$/);
});

it('moves from one address to every address of the same port', async () => {
  const port = await freePort('127.0.0.1', '::1');
  await listeners.listen([{ host: '127.0.0.1', port }]);
  expect(await listeners.listen([{ host: undefined, port }])).toEqual({ ok: true, value: undefined });
  expect(await (await fetch(`http://[::1]:${port}/`)).text()).toBe('here');
});

it('keeps the old addresses when a new one cannot be opened, and says why', async () => {
  const taken = new Listeners(() => {});
  await taken.listen([{ host: '127.0.0.1', port: 0 }]);
  const port = Number(new URL(`http://${taken.addresses[0]}`).port);
  const own = await freePort('127.0.0.1', '::1');
  await listeners.listen([{ host: '127.0.0.1', port: own }]);

  const moved = await listeners.listen([
    { host: undefined, port: own },
    { host: '127.0.0.1', port },
  ]);

  expect(moved).toEqual({
    ok: false,
    error: `cannot listen on 127.0.0.1:${port}: the port is in use. Stop the other program, or choose another port in web.listen or --web.listen.`,
  });
  expect(listeners.addresses).toEqual([`127.0.0.1:${own}`]);
  expect(await (await fetch(`http://127.0.0.1:${own}/`)).text()).toBe('here');
  await taken.close();
});
