import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { answer, estate, probe } from '../../test/support/estate.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { openIn } from '../../test/support/snapshot.ts';
import { access, app, fakeStore, metrics, monthReport, users } from '../../test/support/web-app.ts';
import { ok } from '../kernel/result.ts';
import { millis } from '../kernel/time.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

function basic(user: string, password = 'right'): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

describe('a web configuration with users', () => {
  const closed = app({ access: () => access({ users: users('alice') }) });

  it.each(['/metrics', '/-/healthy', '/-/ready', '/', '/config', '/sd/hosts', '/api/v1/leases', '/probe', '/nothing'])(
    '%s asks for a password',
    async (url) => {
      const response = await closed.inject(url);
      expect([response.statusCode, response.body]).toEqual([401, 'Unauthorized.\n']);
      expect(response.headers['www-authenticate']).toBe('Basic realm="kmswatch", charset="UTF-8"');
    },
  );

  it.each([
    ['a wrong password', basic('alice', 'wrong')],
    ['an unknown user', basic('mallory')],
    ['no user', { authorization: 'Basic OnJpZ2h0' }],
    ['half a header', { authorization: 'Basic' }],
    ['a header without a colon', { authorization: 'Basic YWxpY2U=' }],
    ['a token', { authorization: 'Bearer right' }],
  ])('refuses a request with %s', async (_what, headers) => {
    expect((await closed.inject({ url: '/metrics', headers })).statusCode).toBe(401);
  });

  it('accepts the right password', async () => {
    expect((await closed.inject({ url: '/metrics', headers: basic('alice') })).statusCode).toBe(200);
  });

  it('leaves a route with its own token to that token', async () => {
    const post = (headers: Record<string, string>) =>
      closed.inject({ method: 'POST', url: '/api/v1/events', headers, payload: 'x' });
    // 400: the token was taken, and the body is no log.
    expect((await post({ authorization: 'Bearer right' })).statusCode).toBe(400);
    const refused = await post(basic('alice'));
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([401, 'Bearer']);
  });

  it('answers 503 while too many passwords wait to be compared', async () => {
    const busy = app({ access: () => ({ ...access({ users: users('a') }), checkPassword: async () => 'busy' }) });
    const response = await busy.inject({ url: '/metrics', headers: basic('a') });
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
  });
});

describe('web.pages', () => {
  const restricted = app({
    access: () => access({ users: users('alice', 'prometheus') }, { enabled: true, users: ['alice'] }),
    metrics: (machines) => metrics(machines ? 'names' : 'none'),
  });

  it.each([
    ['/', 403],
    ['/api/v1/leases', 403],
    ['/api/v1/forecast', 200],
    ['/metrics', 200],
  ] as const)('answers a user who is not listed at %s with %i', async (url, status) => {
    expect((await restricted.inject({ url, headers: basic('prometheus') })).statusCode).toBe(status);
    expect((await restricted.inject({ url, headers: basic('alice') })).statusCode).toBe(200);
  });

  it('keeps the names of machines out of the metrics for users who are not listed', async () => {
    expect((await restricted.inject({ url: '/metrics', headers: basic('prometheus') })).body).toBe('none');
    expect((await restricted.inject({ url: '/metrics', headers: basic('alice') })).body).toBe('names');
  });

  it('keeps them out of conditions and reports too', async () => {
    const watched = estate();
    watched.recordLookup(answer(0, ['kms01.corp.example']));
    watched.recordProbe(probe(0, 'kms01.corp.example', 'refused'));
    const open = openIn(watched.snapshot(millis(0))).map((condition) => ({
      ...condition,
      summary: '1 clock is off: ws1',
      summaryWithoutNames: '1 clock is off',
    }));
    const move = { to: 'directory', since: '2026-10-05T00:00:00Z', moved: 2, left: 1, guessed: false };
    const store = fakeStore({
      month: async (month) => ok(monthReport(month, { move: { ...move, still_renewing: ['ws1'] } })),
    });
    const restrictedToo = app({
      access: () => access({ users: users('alice', 'prometheus') }, { enabled: true, users: ['alice'] }),
      conditions: () => open,
      store: () => store,
    });
    const told = async (user: string) => {
      const [conditions, report] = await Promise.all(
        ['/api/v1/conditions', '/api/v1/report'].map((url) => restrictedToo.inject({ url, headers: basic(user) })),
      );
      return [conditions?.json().conditions[0].summary, report?.json().move.still_renewing];
    };
    expect(await told('alice')).toEqual(['1 clock is off: ws1', ['ws1']]);
    expect(await told('prometheus')).toEqual(['1 clock is off', []]);
  });

  it('refuses everybody if users are listed and no passwords are configured', async () => {
    const nameless = app({ access: () => access({}, { enabled: true, users: ['alice'] }) });
    expect((await nameless.inject('/')).statusCode).toBe(403);
  });

  it('switches the pages off, and nothing else', async () => {
    const off = app({ access: () => access({}, { enabled: false, users: [] }) });
    expect((await off.inject('/')).statusCode).toBe(404);
    expect((await off.inject('/api/v1/leases')).statusCode).toBe(200);
  });
});

describe('the rate limit', () => {
  it('lets a burst through, then one request each interval, and starts again if it is changed', async () => {
    const clock = manualClock();
    let rateLimit = { interval: 1000, burst: 2 };
    const limited = app({ access: () => access({ rateLimit }) }, clock);
    const ask = async () => (await limited.inject('/-/healthy')).statusCode;
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
    expect((await limited.inject('/nothing')).headers['retry-after']).toBe('1');
    clock.advance(1000);
    expect([await ask(), await ask()]).toEqual([200, 429]);
    rateLimit = { interval: 1000, burst: 3 };
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 200, 429]);
  });
});

describe('requests from pages of other sites', () => {
  const host = 'kmswatch.example:11688';
  it.each<[string, Record<string, string>, number]>([
    ['a client that is no browser', {}, 200],
    ['a page of this site', { 'sec-fetch-site': 'same-origin', origin: `http://${host}` }, 200],
    ['an address that was typed', { 'sec-fetch-site': 'none' }, 200],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of a sister site', { 'sec-fetch-site': 'same-site' }, 403],
    ['an old browser on a page of another site', { origin: 'http://evil.example' }, 403],
    ['an old browser on a page of this site', { origin: `http://${host}` }, 200],
    ['an old browser on another port', { origin: 'http://kmswatch.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
  ])('%s', async (_what, headers, status) => {
    for (const method of ['POST', 'PUT'] as const) {
      const response = await app().inject({ method, url: '/-/reload', headers: { host, ...headers } });
      expect(response.statusCode).toBe(status);
    }
    const read = await app().inject({ url: '/-/healthy', headers: { host, ...headers } });
    expect(read.statusCode).toBe(200);
  });

  it('are refused where log records are sent, whatever their token', async () => {
    const headers = { authorization: 'Bearer right', 'sec-fetch-site': 'cross-site' };
    const response = await app().inject({ method: 'POST', url: '/api/v1/events', headers, payload: '{}' });
    expect(response.statusCode).toBe(403);
  });
});

describe('every answer', () => {
  const NAMES = Object.keys(SECURITY_HEADERS).map((name) => name.toLowerCase());

  it.each([
    ['GET', '/metrics'],
    ['GET', '/'],
    ['GET', '/nothing'],
    ['GET', '/%ff'],
    ['POST', '/-/reload'],
    ['GET', '/api/v1/leases?limit=0'],
    ['GET', '/probe'],
    ['DELETE', '/metrics'],
  ] as const)('to %s %s has the security headers', async (method, url) => {
    const { headers } = await app().inject({ method, url });
    expect(Object.keys(headers)).toEqual(expect.arrayContaining(NAMES));
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
  });

  it('has the headers of the configuration instead of the usual ones', async () => {
    const headers = new Map([
      ['Strict-Transport-Security', 'max-age=1'],
      ['Content-Security-Policy', "default-src 'self'"],
    ]);
    const response = await app({ access: () => access({ headers }) }).inject('/');
    expect(response.headers).toMatchObject({
      'strict-transport-security': 'max-age=1',
      'content-security-policy': "default-src 'self'",
    });
  });
});

it.each([
  ['Host: a\r\nHost: b', 400],
  ['Host: a\r\nHost: a', 400],
  ['Host: a', 200],
])('answers a request with %j by %i', async (headers, status) => {
  const server = app({});
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET /-/healthy HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
  expect(await text(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  await server.close();
});
