import { afterEach, describe, expect, it } from 'vitest';
import { answering, type HttpDouble, type HttpScript, startHttpDouble } from '../../test/doubles/http-double.ts';
import { FOREVER } from '../../test/support/patient.ts';
import { type Millis, millis } from '../kernel/time.ts';
import { post } from './post.ts';

const KNOWN_SECRET = 'xoxb-KNOWN-SECRET';

let receiver: HttpDouble | undefined;
afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

async function posted(script: HttpScript, path = `/${KNOWN_SECRET}`, timeout = FOREVER) {
  receiver = await startHttpDouble(script);
  return post(`${receiver.url}${path}`, { hello: 'wörld' }, { signal: new AbortController().signal, timeout });
}

describe('post', () => {
  it('sends JSON, and takes any 2xx as a confirmation', async () => {
    expect(await posted(answering(202, 'ok'))).toEqual({ ok: true, value: undefined });
    const [request] = receiver?.requests ?? [];
    expect(request?.method).toBe('POST');
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request?.body ?? '')).toEqual({ hello: 'wörld' });
  });

  it('sends the credentials of a URL as HTTP has them', async () => {
    receiver = await startHttpDouble(answering(200));
    const url = new URL(receiver.url);
    url.username = 'us:er';
    url.password = 'p@ss';
    await post(url.href, {}, { signal: new AbortController().signal });
    const [, pair = ''] = receiver.requests[0]?.headers.authorization?.split(' ') ?? [];
    expect(Buffer.from(pair, 'base64').toString()).toBe('us:er:p@ss');
  });

  it.each<[string, HttpScript, string, Millis?]>([
    [
      '404',
      answering(404, 'no_service'),
      'HTTP 404 (there is nothing at this address: was the webhook deleted?): no_service',
    ],
    [
      'a redirect',
      answering(302, '', { location: 'http://127.0.0.1:1/' }),
      'it redirects (HTTP 302): configure the address it redirects to',
    ],
    [
      'an answer that is torn',
      (response) => response.writeHead(200, { 'content-length': '10' }).write('x', () => response.destroy()),
      'it closed the connection before its answer was complete (UND_ERR_SOCKET)',
    ],
    ['silence', () => {}, 'no answer within 0.5 s', millis(500)],
    ['an answer in drips', (response) => void drip(response), 'no answer within 0.5 s', millis(500)],
  ])('tells %s', async (_what, script, text, timeout) => {
    expect(await posted(script, '/', timeout)).toMatchObject({ ok: false, error: { text } });
  });

  it('reads no more than the beginning of an endless answer', async () => {
    const result = await posted((response) => {
      response.writeHead(500);
      const flood = (): void => {
        while (!response.destroyed && response.write('y'.repeat(65_536)));
      };
      response.on('drain', flood).on('error', () => {});
      flood();
    });
    expect(result).toMatchObject({ ok: false, error: { text: `HTTP 500: ${'y'.repeat(200)}` } });
  });

  it('hands on how long it is asked to wait', async () => {
    expect(await posted(answering(429, '', { 'retry-after': '7' }))).toMatchObject({ error: { retryAfter: 7000 } });
  });

  it('never tells the address, though the answer repeats it', async () => {
    const result = await posted((response, { path }) => {
      response.writeHead(400).end(`bad: ${receiver?.url}${path} and ${path}`);
    });
    expect(result).toMatchObject({ ok: false, error: { text: 'HTTP 400: bad:  and' } });
  });

  it.each([
    `http://127.0.0.1:1/${KNOWN_SECRET}`,
    `http://no-such-host.invalid/${KNOWN_SECRET}`,
    `ftp://127.0.0.1/${KNOWN_SECRET}`,
    `${KNOWN_SECRET}`,
    `http://127.0.0.1:99999/${KNOWN_SECRET}`,
  ])('never tells an address that cannot be reached: %s', async (url) => {
    const result = await post(url, {}, { signal: new AbortController().signal, timeout: millis(2000) });
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain('KNOWN');
  });

  it('ends if it is stopped', async () => {
    receiver = await startHttpDouble(() => {});
    const abort = new AbortController();
    const result = post(receiver.url, {}, { signal: abort.signal });
    await expect.poll(() => receiver?.requests.length).toBe(1);
    abort.abort();
    expect((await result).ok).toBe(false);
  });
});

async function drip(response: Parameters<HttpScript>[0]): Promise<void> {
  response.writeHead(200);
  const dripping = setInterval(() => response.write('.'), 50);
  response.on('close', () => clearInterval(dripping));
}
