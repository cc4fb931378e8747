import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { median, quantile } from '../../bench/measure.ts';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import { type RunningAgent, startAgent } from '../support/agent.ts';
import { type ApiDocument, type ApiOperation, objection, readDocument } from '../support/api.ts';
import { slowness } from '../support/slowness.ts';

let host: SimulatedHost;
let agent: RunningAgent;
let document: ApiDocument;

beforeAll(async () => {
  host = await startSimulatedHost({ kind: 'healthy' });
  agent = await startAgent({
    config: `discovery: {domains: []}
hosts: [{name: 127.0.0.1, port: ${host.port}}]
ingest: {token: token-of-senders, max_body: 64KiB}
log: {level: error}
`,
  });
  document = readDocument(await (await fetch(`${agent.url}/api/v1/openapi.json`)).text());
});
afterAll(async () => {
  await agent?.stop();
  await host?.close();
});

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(agent.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Sends raw bytes. @returns everything that came back until the other side closed, or nothing more came after something */
async function say(text: string, silence = 1_000): Promise<string> {
  const socket = await open();
  let heard = '';
  socket.setEncoding('latin1').on('data', (data: string) => {
    heard += data;
  });
  socket.write(text, 'latin1');
  await Promise.race([once(socket, 'close'), quiet(socket, silence)]);
  socket.destroy();
  return heard;
}

/** Resolves once something came, and then nothing for this many milliseconds. */
function quiet(socket: Socket, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    socket.on('data', () => {
      clearTimeout(timer);
      timer = setTimeout(resolve, milliseconds);
    });
  });
}

const statuses = (text: string) => [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));

describe('every request, as the API document has them and otherwise,', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '',
      '%00',
      '../../etc/passwd',
      '<script>',
      "' OR 1=1 --",
      '127.0.0.1:22',
      '169.254.169.254',
      '\r\nX: y',
    ),
    fc.string({ minLength: 300, maxLength: 2000 }),
  );

  /** Something that the schema of a parameter allows, or nearly. */
  const fitting = (schema: Readonly<Record<string, unknown>>): fc.Arbitrary<string> => {
    if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum'].map(String));
    if (schema['type'] === 'integer' || schema['type'] === 'number')
      return fc.integer({ min: -5, max: 1200 }).map(String);
    return fc.constantFrom('kms01', '30d', 'win', `127.0.0.1:${host.port}`, 'corp.example', 'true');
  };

  const query = ({ parameters }: ApiOperation) =>
    fc
      .tuple(
        fc.tuple(
          ...parameters
            .filter((parameter) => parameter.in === 'query')
            .map(({ name, schema }) => fc.tuple(fc.constant(name), fc.option(fc.oneof(fitting(schema), hostile)))),
        ),
        fc.array(fc.tuple(hostile, hostile), { maxLength: 1 }),
      )
      .map(([known, strange]) =>
        [...known, ...strange]
          .filter(([, value]) => value !== null)
          .map(([name, value]) => `${encode(name)}=${encode(value ?? '')}`)
          .join('&'),
      );

  /** Lone surrogates have no encoding. */
  function encode(text: string): string {
    return encodeURIComponent(text.toWellFormed());
  }

  const anyRequest = () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        // A reload waits for the store: it is not for a thousand requests.
        .filter(([method]) => path !== '/-/reload' || method === 'get')
        .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
    return fc.constantFrom(...operations).chain(({ method, path, operation }) =>
      fc.record({
        method: fc.oneof(
          { weight: 8, arbitrary: fc.constant(method) },
          { weight: 1, arbitrary: fc.constantFrom('HEAD', 'OPTIONS', 'DELETE', 'PATCH') },
        ),
        path: fc.oneof(
          { weight: 8, arbitrary: fc.constant(path.replace(/\{[^}]+\}/g, 'kms01')) },
          { weight: 1, arbitrary: hostile.map((text) => `${path.replace(/\{[^}]+\}/g, '')}/${encode(text)}`) },
        ),
        query: query(operation),
        headers: fc.dictionary(
          fc.constantFrom(
            'authorization',
            'content-encoding',
            'accept',
            'x-prometheus-scrape-timeout-seconds',
            'origin',
          ),
          fc.oneof(
            fc.constantFrom('Bearer token-of-senders', 'Basic YTpi', 'gzip', '1', 'null'),
            fc.stringMatching(/^[ -~]{0,30}$/),
          ),
        ),
        body: fc.option(fc.oneof(fc.string({ maxLength: 200 }), fc.json(), fc.constant('x'.repeat(70_000)))),
      }),
    );
  };

  it('is answered in time, as the document has it, and never with 500', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest(), async ({ method, path, query: asked, headers, body }) => {
        const url = `${path}${asked === '' ? '' : `?${asked}`}`;
        const hasBody = body !== null && method !== 'GET' && method !== 'HEAD';
        const response = await request(`${agent.url}${url}`, {
          method: method as 'GET',
          headers: { connection: 'close', ...headers },
          headersTimeout: 7_000,
          ...(hasBody ? { body } : {}),
        });
        const text = await response.body.text();
        const type = response.headers['content-type']?.toString();
        const answered = { method, path: url, status: response.statusCode, type, body: text };
        expect(response.statusCode).not.toBe(500);
        expect(objection(document, answered)).toBeUndefined();
        expect(response.headers['x-content-type-options']).toBe('nosniff');
        expect(text).not.toContain('token-of-senders');
      }),
      { numRuns: 400, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: false },
    );
    expect((await fetch(`${agent.url}/-/healthy`)).status).toBe(200);
  });

  it('is answered with something, whatever octets it has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (octets) => {
        const text = Buffer.from(octets).toString('latin1');
        expect(statuses(await say(`GET /${text} HTTP/1.1\r\nHost: x\r\n\r\n`, 200))).not.toContain(500);
      }),
      { numRuns: 60, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
    );
    expect((await fetch(`${agent.url}/-/healthy`)).status).toBe(200);
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['nothing of the kind', 'hello\r\n\r\n', 400],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['a line that ends in the wrong way', 'GET / HTTP/1.1\nHost x\n\n', 400],
    ['another version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400],
    ['two lengths', 'POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    [
      'a length beside chunks (request smuggling)',
      'POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a broken chunk', 'POST /api/v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
    [
      'a broken chunk of a sender with a token',
      'POST /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token-of-senders\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
    ],
    ['too many headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(9_000)}\r\n\r\n`, 431],
    ['too long a path', `GET /${'x'.repeat(9_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ])('%s is refused, with the headers of every answer, and the connection ends', async (_what, text, status) => {
    const socket = await open();
    const closed = once(socket, 'close');
    let heard = '';
    socket.setEncoding('latin1').on('data', (data: string) => {
      heard += data;
    });
    socket.write(text, 'latin1');
    await closed;
    expect(statuses(heard).at(-1)).toBe(status);
    expect(heard).toContain("Content-Security-Policy: default-src 'none'");
  });

  it('a connection to somewhere else (CONNECT) is not made, and no other protocol is spoken', async () => {
    expect(statuses(await say('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'))).not.toContain(200);
    const upgrade = 'GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect(statuses(await say(upgrade))).toEqual([200]);
    expect(statuses(await say('GET http://evil.example/metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n'))).not.toContain(
      500,
    );
    expect(statuses(await say('OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'))).toEqual([404]);
  });
});

describe('what is called gzip and is not', () => {
  it.each([
    ['that has room', 'x'.repeat(100), 400],
    ['that is too large', 'x'.repeat(70_000), 413],
    ['that is too large when inflated, and broken after that', brokenAfter(100_000), 413],
  ])('is refused, and the agent lives: a body %s', async (_what, body, status) => {
    const response = await request(`${agent.url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: 'Bearer token-of-senders', 'content-encoding': 'gzip', connection: 'close' },
      body,
    });
    expect(response.statusCode).toBe(status);
    await response.body.dump();
    expect((await fetch(`${agent.url}/-/healthy`)).status).toBe(200);
    expect(agent.daemon.output()).toBe('');
  });

  /** This many bytes that can be inflated, and then some that cannot. */
  function brokenAfter(size: number): Buffer {
    const good = gzipSync(randomBytes(size).toString('hex'));
    return Buffer.concat([good.subarray(0, 60_000), Buffer.alloc(2_000, 0xff)]);
  }
});

describe('requests in a row (pipelining)', () => {
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

  it('are answered in their order', async () => {
    const heard = await say(get('/-/healthy') + get('/nothing') + get('/-/ready'));
    expect(statuses(heard)).toEqual([200, 404, 200]);
  });

  it('a broken one ends the connection after those before it', async () => {
    expect(statuses(await say(`${get('/-/healthy')}garbage\r\n\r\n`))).toEqual([200, 400]);
  });
});

describe('slow clients', () => {
  it('are shown the door 5 s into a header', async () => {
    const socket = await open();
    const started = performance.now();
    const drip = setInterval(() => socket.write('X'), 500);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
    let heard = '';
    socket.setEncoding('latin1').on('data', (data: string) => {
      heard += data;
    });
    await once(socket, 'close');
    clearInterval(drip);
    expect(statuses(heard)).toEqual([408]);
    expect(performance.now() - started).toBeLessThan(9_000 * slowness());
  });

  it('that say nothing at all too', async () => {
    const socket = await open();
    const started = performance.now();
    socket.resume();
    await once(socket, 'close');
    expect(performance.now() - started).toBeLessThan(9_000 * slowness());
  });

  it('a thousand idle connections and fifty slow clients do not hold up a scrape', async () => {
    const scrape = async (): Promise<number> => {
      const started = performance.now();
      expect((await agent.metrics()).length).toBeGreaterThan(1_000);
      return performance.now() - started;
    };
    const measure = async (): Promise<readonly number[]> => {
      const times: number[] = [];
      for (let count = 0; count < 20; count += 1) times.push(await scrape());
      return times;
    };
    await measure();
    const before = await measure();
    const idle = await Promise.all(Array.from({ length: 1_000 }, keepAlive));
    const slow = await Promise.all(Array.from({ length: 50 }, open));
    for (const socket of slow) socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\nX-');
    const dripping = setInterval(() => {
      for (const socket of slow) socket.write('x');
    }, 100);
    const during = await measure();
    clearInterval(dripping);
    for (const socket of [...idle, ...slow]) socket.destroy();
    const late = 100 * slowness();
    expect(median(during)).toBeLessThan(median(before) + late);
    expect(quantile(during, 0.9)).toBeLessThan(5 * quantile(before, 0.9) + late);
  });

  /** A connection that has had its answer, and stays. */
  async function keepAlive(): Promise<Socket> {
    const socket = await open();
    socket.write('GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    return socket;
  }
});

it('has served on through all of this, and said nothing of an error', async () => {
  await wait(100);
  expect(agent.daemon.output()).toBe('');
  expect((await fetch(`${agent.url}/metrics`)).status).toBe(200);
});
