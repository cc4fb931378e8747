import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { historyRead } from './history-read.ts';

const HOSTS = ['kms01.corp.example', 'kms05.corp.example'];
const reading = (host: string, value: number): string => `kms_host_activations_reading{host="${host}"} ${value}\n`;
const ending = new AbortController();
let agent: Server | undefined;

afterEach(() => {
  ending.abort();
  agent?.closeAllConnections();
  agent?.close();
});

/** An agent whose page can change. */
async function agentWith(page: () => string | undefined): Promise<string> {
  agent = createServer((_, response) => {
    const text = page();
    if (text === undefined) response.writeHead(503).end();
    else response.end(`# TYPE kms_host_activations_reading gauge\n${text}`);
  });
  agent.listen(0, '127.0.0.1');
  await once(agent, 'listening');
  return `http://127.0.0.1:${(agent.address() as AddressInfo).port}`;
}

it('ends once the agent counts every host and reads none, and not while it is busy', async () => {
  const [first = '', second = ''] = HOSTS;
  const pages = [undefined, '', reading(first, 0), reading(first, 0) + reading(second, 1)];
  const last = reading(first, 0) + reading(second, 0);
  const page = vi.fn(() => (pages.length > 0 ? pages.shift() : last));
  expect(await historyRead(await agentWith(page), HOSTS, new AbortController().signal)).toBe(true);
  expect(page).toHaveBeenCalledTimes(5);
});

it('ends with its signal', async () => {
  const url = await agentWith(() => undefined);
  const read = historyRead(url, HOSTS, ending.signal);
  ending.abort();
  expect(await read).toBe(false);
});
