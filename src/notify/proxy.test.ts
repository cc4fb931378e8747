import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { answering, type HttpDouble, startHttpDouble } from '../../test/doubles/http-double.ts';
import { FOREVER } from '../../test/support/patient.ts';
import { ok } from '../kernel/result.ts';
import { Secret } from '../kernel/secret.ts';
import { millis } from '../kernel/time.ts';
import { DIRECT } from './connection.ts';
import { post } from './post.ts';

const KNOWN_SECRET = 'xoxb-KNOWN-SECRET';
const RECEIVER = `https://hooks.example/${KNOWN_SECRET}`;

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of ends.splice(0)) await end();
});

/** A proxy that plays a script once it has been asked for something. @returns its address, and how often it was asked */
async function startProxy(script: (socket: Socket, asked: string) => void) {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (octets) => {
      asked.push(octets.toString());
      script(socket, octets.toString());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return { url: `http://127.0.0.1:${address.port}`, asked };
}

function through(proxy: string, { url = RECEIVER, timeout = FOREVER, signal = new AbortController().signal } = {}) {
  const connection = { ...DIRECT, proxy: { read: async () => ok(new Secret(proxy)) } };
  return post(url, {}, { signal, connection, timeout });
}

const answer = (line: string) => (socket: Socket) => void socket.end(`HTTP/1.1 ${line}\r\nContent-Length: 0\r\n\r\n`);

it.each([
  [
    '407 Proxy Authentication Required',
    'the proxy refuses (HTTP 407): it requires a login. Put a user name and a password into proxy_url, or correct them. ' +
      'If it only accepts NTLM or Kerberos, have it let this machine through without a login: kmswatch can only log in ' +
      'with Basic',
  ],
  ['403 Filtered', 'the proxy refuses (HTTP 403): it does not allow this address'],
  ['502 Bad Gateway', 'the proxy refuses (HTTP 502): it cannot reach the receiver'],
  ['418 Teapot', 'the proxy refuses (HTTP 418)'],
])('tells of a proxy that says %s', async (line, text) => {
  const proxy = await startProxy(answer(line));
  expect(await through(proxy.url)).toMatchObject({ ok: false, error: { text } });
  expect(proxy.asked).toHaveLength(1);
});

it.each([
  ['at once', (socket: Socket) => void socket.destroy()],
  ['after its 200', (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n')],
  [
    'in the handshake',
    (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.once('data', () => socket.destroy());
    },
  ],
])('asks a proxy that closes %s no more than twice', async (_when, script) => {
  const proxy = await startProxy(script);
  const result = await through(proxy.url);
  expect(result).toMatchObject({
    ok: false,
    error: { text: expect.stringMatching(/^(the proxy cannot be used|through the proxy): it (reset|closed) /) },
  });
  expect(proxy.asked.length).toBeLessThanOrEqual(2);
});

it('does not wait longer than for a receiver if a proxy says nothing', async () => {
  const proxy = await startProxy(() => {});
  const text = 'through the proxy: no answer within 0.2 s';
  expect(await through(proxy.url, { timeout: millis(200) })).toMatchObject({ ok: false, error: { text } });
});

it('ends at once with the agent while a proxy says nothing', async () => {
  const agent = new AbortController();
  const proxy = await startProxy(() => agent.abort());
  expect(await through(proxy.url, { signal: agent.signal })).toMatchObject({ ok: false });
});

it('tells of a proxy that is not there', async () => {
  expect(await through('http://127.0.0.1:1')).toMatchObject({
    error: { text: expect.stringContaining('the proxy cannot be used: nothing is listening on the port') },
  });
});

it('logs in to the proxy, and never tells its address', async () => {
  const proxy = await startProxy(answer('403 Filtered'));
  const url = new URL(proxy.url);
  url.username = 'mon';
  url.password = KNOWN_SECRET;
  expect(JSON.stringify(await through(url.href))).not.toContain(KNOWN_SECRET);
  expect(proxy.asked[0]?.toLowerCase()).toContain(
    `proxy-authorization: basic ${Buffer.from(`mon:${KNOWN_SECRET}`).toString('base64')}`.toLowerCase(),
  );
});

it('goes through the proxy of the environment, but for what NO_PROXY names', async () => {
  const receiver: HttpDouble = await startHttpDouble(answering(200));
  ends.push(() => receiver.close());
  const proxy = await startProxy(answer('407 Proxy Authentication Required'));
  vi.stubEnv('HTTPS_PROXY', proxy.url);
  vi.stubEnv('HTTP_PROXY', proxy.url);
  const posted = (url: string) => post(url, {}, { signal: new AbortController().signal, timeout: FOREVER });
  expect(await posted(RECEIVER)).toMatchObject({ error: { text: expect.stringContaining('HTTP 407') } });
  expect(await posted(receiver.url)).toMatchObject({ error: { text: expect.stringContaining('HTTP 407') } });
  vi.stubEnv('NO_PROXY', 'example.org,127.0.0.1');
  expect(await posted(receiver.url)).toEqual({ ok: true, value: undefined });
});

it('shows a bearer token instead of the credentials of the URL', async () => {
  const receiver: HttpDouble = await startHttpDouble(answering(200));
  ends.push(() => receiver.close());
  const connection = { ...DIRECT, bearer: { read: async () => ok(new Secret('a-token\n')) } };
  const url = receiver.url.replace('//', '//user:password@');
  await post(url, {}, { signal: new AbortController().signal, connection });
  expect(receiver.requests[0]?.headers.authorization).toBe('Bearer a-token');
});

it('names a file that cannot be read', async () => {
  const connection = { ...DIRECT, ca: '/no/such/ca.pem' };
  expect(await post(RECEIVER, {}, { signal: new AbortController().signal, connection })).toMatchObject({
    error: { text: expect.stringContaining('cannot read ca_file /no/such/ca.pem: ') },
  });
});
