import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { writeLog } from '../../test/support/evtx/evtx-writer.ts';
import { hostName } from '../../test/support/host-name.ts';
import { access, app, fakeStore, ingest, metrics } from '../../test/support/web-app.ts';
import type { HostName } from '../kernel/host-name.ts';
import { err, ok } from '../kernel/result.ts';
import { Secret } from '../kernel/secret.ts';
import { html } from './html.ts';
import type { IngestSettings, WebBackend } from './web-backend.ts';

describe('what Prometheus reads', () => {
  it('are metrics with the type of the text format', async () => {
    const response = await app().inject('/metrics');
    expect([response.statusCode, response.body]).toEqual([200, 'kms_hosts 1\n']);
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('is 500 when there is no page at all, so that `up` is 0', async () => {
    const fail = () => {
      throw new Error('secret detail');
    };
    const atFirstPiece = { ...metrics(), body: Readable.from([0]).map(fail) };
    for (const broken of [fail, () => atFirstPiece]) {
      const response = await app({ metrics: broken }).inject('/metrics');
      expect([response.statusCode, response.body]).toEqual([500, 'Internal error: see the log.\n']);
    }
  });

  it('are the hosts found, as targets', async () => {
    const response = await app().inject('/sd/hosts');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.json()).toEqual([
      {
        targets: ['kms01.corp.example:1688'],
        labels: {
          __meta_kms_host: 'kms01.corp.example',
          __meta_kms_port: '1688',
          __meta_kms_domains: ',corp.example,',
          __meta_kms_published: 'true',
          __meta_kms_expected: 'true',
        },
      },
      {
        targets: ['rogue.corp.example:1689'],
        labels: {
          __meta_kms_host: 'rogue.corp.example',
          __meta_kms_port: '1689',
          __meta_kms_domains: ',corp.example,',
          __meta_kms_published: 'true',
          __meta_kms_expected: 'false',
        },
      },
    ]);
  });
});

it('gives no targets before the first round has ended, so that Prometheus keeps those it has', async () => {
  expect((await app({ ready: () => false }).inject('/sd/hosts')).statusCode).toBe(503);
});

describe('operations', () => {
  test.each([
    ['GET', '/-/healthy', 200, 'kmswatch is healthy.\n'],
    ['GET', '/-/ready', 200, 'kmswatch is ready.\n'],
    ['POST', '/-/reload', 200, 'The configuration was reloaded.\n'],
    ['PUT', '/-/reload', 200, 'The configuration was reloaded.\n'],
    ['GET', '/-/reload', 405, 'Use POST.\n'],
    ['GET', '/%ff', 400, "'/%ff' is not a valid url component\n"],
    ['GET', '/config', 200, 'hosts: []\n'],
    ['GET', '/nothing', 404, 'Not found.\n'],
  ] as const)('%s %s is %i', async (method, url, status, body) => {
    const response = await app().inject({ method, url });
    expect([response.statusCode, response.body]).toEqual([status, body]);
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  it.each(['application/json', 'application/x-www-form-urlencoded', 'text/yaml'])(
    'a reload takes a body of type %s, and drops it',
    async (type) => {
      const response = await app().inject({
        method: 'POST',
        url: '/-/reload',
        headers: { 'content-type': type },
        payload: '{',
      });
      expect(response.statusCode).toBe(200);
    },
  );

  it('are not ready before the first rounds have ended', async () => {
    expect((await app({ ready: () => false }).inject('/-/ready')).statusCode).toBe(503);
  });

  it('say why a configuration is not taken', async () => {
    const response = await app({ reload: async () => err('kmswatch.yml:1:1: bad') }).inject({
      method: 'POST',
      url: '/-/reload',
    });
    expect([response.statusCode, response.body]).toEqual([
      500,
      'The old configuration stays in force:\nkmswatch.yml:1:1: bad\n',
    ]);
  });
});

describe('the pages', () => {
  it('load nothing but their own files, run no script of their own, and may do so by their policy', async () => {
    const response = await app().inject('/');
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self'; /);
    expect(response.body).not.toMatch(/https?:|<script>|style=|<style|\son[a-z]+=/);
    for (const [, path = ''] of response.body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const file = await app().inject(path);
      expect([file.statusCode, file.headers['cache-control']]).toEqual([200, 'private, max-age=31536000, immutable']);
    }
  });

  it.each([
    ['/leases', 200],
    ['/leases?client=&state=valid', 200],
    ['/leases?state=x', 400],
    ['/leases?client=a&client=b', 400],
    ['/leases.csv?state=x', 400],
    ['/clients/nobody', 404],
    ['/clients/', 302],
    [`/clients/${'w'.repeat(253)}`, 404],
    ['/runbooks', 200],
    ['/runbooks/KmsHostDown', 200],
    ['/runbooks/%3Cscript%3E', 404],
  ])('%s is %i', async (url, status) => {
    const response = await app().inject(url);
    expect(response.statusCode).toBe(status);
    expect(response.body).not.toContain('<script>');
  });

  it('say when the store does not answer', async () => {
    const failing = () =>
      fakeStore({
        leases: async () => err({ reason: 'io', text: 'disk <full>' }),
        explain: async () => err({ reason: 'io', text: 'disk <full>' }),
      });
    for (const url of ['/leases', '/clients/ws']) {
      const response = await app({ store: failing }).inject(url);
      expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '5']);
      expect(response.body).toContain('disk &lt;full&gt;');
    }
    expect((await app({ store: failing }).inject('/leases.csv')).statusCode).toBe(503);
  });

  it('export all pages of a question, and break off where the store fails', async () => {
    const cursors: (string | undefined)[] = [];
    const store = (next: string | null) =>
      fakeStore({
        leases: async ({ cursor }) => {
          cursors.push(cursor);
          if (cursor === 'bad') return err({ reason: 'io', text: 'disk' });
          return ok({ leases: [], next_cursor: cursor === undefined ? next : null, previous_cursor: null });
        },
      });
    const whole = await app({ store: () => store('next') }).inject('/leases.csv?client=ws');
    expect(cursors).toEqual([undefined, 'next']);
    expect(whole.body).toMatch(/^client,client_id,.*retired\r\n$/);
    await expect(app({ store: () => store('bad') }).inject('/leases.csv')).rejects.toThrow();
  });
});

it('gives conditions as JSON', async () => {
  const response = await app().inject('/api/v1/conditions');
  const { conditions } = response.json();
  expect(conditions.map(({ name }: { name: string }) => name)).toEqual(['KmsHostDown', 'KmsSrvRecordUnexpected']);
  expect(conditions[0]).toEqual({
    name: 'KmsHostDown',
    severity: 'warning',
    subject: { host: 'rogue.corp.example', port: '1689' },
    since: '1970-01-01T00:00:00.000Z',
    firing: false,
    summary: 'rogue.corp.example:1689 is not up: test: refused',
    value: null,
    limit: null,
    runbook: 'http://agent.example:11688/runbooks/KmsHostDown',
  });
});

describe('a runbook, to which alerts lead,', () => {
  it.each([
    ['the pages are switched off', { enabled: false, users: [] }],
    ['names of machines are for somebody else', { enabled: true, users: ['alice'] }],
  ])('is there if %s, without links to what is not', async (_, pages) => {
    const closed = app({ access: () => access({}, pages) });
    const response = await closed.inject('/runbooks/KmsHostDown');
    expect(response.statusCode).toBe(200);
    for (const [, path = ''] of response.body.matchAll(/(?:href|src|action)="([^"#]+)"/g)) {
      expect([path, (await closed.inject(path)).statusCode]).toEqual([path, 200]);
    }
    expect((await closed.inject('/')).statusCode).not.toBe(200);
    expect((await closed.inject('/leases.csv')).statusCode).not.toBe(200);
  });
});

test('html escapes every part that is not HTML itself', () => {
  const inner = html`<b>${'<'}</b>`;
  expect(html`<p title="${'"'}">${inner}${[inner, inner]}${1}</p>`.text).toBe(
    '<p title="&quot;"><b>&lt;</b><b>&lt;</b><b>&lt;</b>1</p>',
  );
});

describe('POST /api/v1/events', () => {
  const RECORD = JSON.stringify({
    host: 'kms01.corp.example',
    channel: 'Key Management Service',
    record_id: 1,
    time: '2026-11-24T03:00:00Z',
    event_id: 12290,
    data: [
      '0x0,25,ws-1.corp.example,8d3ed6a5-7be9-4d13-b7cf-0e5c1a3b2f10,2026/11/24 3:00,0,1,250000,73111121-5638-40f6-bc11-f1d7b0d64300',
    ],
  });

  function post(payload: string | Buffer, headers: Record<string, string> = {}, changes: Partial<WebBackend> = {}) {
    return app(changes).inject({
      method: 'POST',
      url: '/api/v1/events',
      headers: { authorization: 'Bearer right', ...headers },
      payload,
    });
  }

  it('takes what it understands, and tells what it does not', async () => {
    const response = await post(`${RECORD}\n{"event_id": 12290}\n${RECORD}\n`);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ accepted: 2, rejected: [{ index: 1 }], rejected_count: 1 });
  });

  it('takes a saved log, compressed or not, and tells what is damaged in it', async () => {
    const { host, channel, record_id: recordId, time, event_id: id, data } = JSON.parse(RECORD);
    const record = { host, channel, recordId, time: Date.parse(time), id, data };
    const log = writeLog([record, { ...record, recordId: 2 }, { ...record, recordId: 3 }]);
    const settings = { ingest: () => ingest({ maxBody: log.length }) };
    expect((await post(log, {}, settings)).json()).toMatchObject({ accepted: 3, rejected: [] });
    log.writeUInt32LE(0, log.indexOf('**\0\0', log.indexOf('**\0\0') + 1) + 4);
    const response = await post(gzipSync(log), { 'content-encoding': 'gzip' }, settings);
    expect(response.json()).toMatchObject({ accepted: 2, rejected_count: 1 });
    expect(response.json().rejected[0]).toEqual({
      index: 1,
      reason: expect.stringMatching(/^chunk 1 \(byte 4096 of the file\) is damaged: bytes \d+ to \d+ of the file/),
    });
    const shorter = { ingest: () => ingest({ maxBody: log.length - 1 }) };
    expect((await post(log, {}, shorter)).statusCode).toBe(413);
  });

  it('takes a compressed body', async () => {
    const response = await post(gzipSync(RECORD), { 'content-encoding': 'gzip' });
    expect(response.json()).toMatchObject({ accepted: 1 });
  });

  it.each<[string, number, string, Record<string, string>]>([
    ['nothing that it understands', 400, 'no log', {}],
    ['nothing', 400, '', {}],
    ['nothing of a type', 400, '', { 'content-type': 'application/json' }],
    ['blanks', 400, ' \n', { 'content-type': 'application/json' }],
    ['an empty array', 400, '[]', {}],
    ['a wrong token', 401, RECORD, { authorization: 'Bearer wrong' }],
    ['no token', 401, RECORD, { authorization: '' }],
    ['too much', 413, `${RECORD}\n`.repeat(100), {}],
    ['a strange encoding', 415, RECORD, { 'content-encoding': 'br' }],
    ['broken compression', 400, 'x', { 'content-encoding': 'gzip' }],
  ])('%s is %i', async (_what, status, payload, headers) => {
    expect((await post(payload, headers)).statusCode).toBe(status);
  });

  it.each(['', ' ', '[]'])('says of %j that there is no record in it', async (payload) => {
    expect((await post(payload)).json().error).toContain('no log record');
  });

  it.each([
    ['by its length alone', `${RECORD}\n`.repeat(20_000), 1000],
    ['while it comes', `${RECORD}\n`.repeat(20_000), undefined],
  ])('tells a client that writes all before it reads that it was too much, %s', async (_, body, length) => {
    const server = app({ ingest: () => ingest({ maxBody: 1000 }) });
    await server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    const framing = length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${Buffer.byteLength(body)}`;
    socket.write(`POST /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer right\r\n${framing}\r\n\r\n`);
    const chunk = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    await new Promise((resolve) => socket.write(length === undefined ? chunk : body, resolve));
    await setTimeout(50);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('send fewer records at a time');
    await server.close();
  });

  it('counts the size after decompression', async () => {
    const bomb = gzipSync(`${RECORD}\n`.repeat(100_000));
    expect(
      (await post(bomb.subarray(0), { 'content-encoding': 'gzip' }, { ingest: () => ingest({ maxBody: 1_000_000 }) }))
        .statusCode,
    ).toBe(413);
  });

  describe('from a host with its own token', () => {
    const canonicalise = (name: HostName) => (name === 'kms.corp.example' ? hostName('kms01.corp.example') : name);
    const pushes = ['kms01', 'kms02'].map((name) => ({
      host: hostName(`${name}.corp.example`),
      token: { read: async () => ok(new Secret(name)) },
    }));
    const by = (token: string, body: string, changes: Partial<IngestSettings> = {}) =>
      post(body, { authorization: `Bearer ${token}` }, { ingest: () => ingest({ pushes, canonicalise, ...changes }) });

    it('takes its records, under any of its names', async () => {
      const alias = RECORD.replace('kms01.corp', 'KMS.corp');
      expect((await by('kms01', `${RECORD}\n${alias}`)).json()).toMatchObject({ accepted: 2, rejected: [] });
    });

    it('refuses those of others: a host can only send its own records', async () => {
      const other = RECORD.replace('kms01', 'kms02');
      const response = await by('kms01', `${RECORD}\n${other}`);
      expect([response.statusCode, response.json().accepted]).toEqual([200, 1]);
      expect(response.json().rejected).toEqual([
        {
          index: 1,
          reason: expect.stringMatching(
            /^a host can only send its own records: .*kms01\S* but the record is from kms02/,
          ),
        },
      ]);
      expect((await by('kms01', other)).statusCode).toBe(400);
      expect((await by('right', other)).json()).toMatchObject({ accepted: 1, rejected: [] });
    });

    it('is 401 with a token that nobody has, with and without shippers', async () => {
      expect((await by('kms03', RECORD)).statusCode).toBe(401);
      expect((await by('kms03', RECORD, { token: undefined })).statusCode).toBe(401);
      expect((await by('kms01', RECORD, { token: undefined })).statusCode).toBe(200);
    });
  });

  it('is 503 while the store cannot take it, or there is no token', async () => {
    const failing = fakeStore({ ingest: async () => err({ reason: 'full', text: 'the disk is full' }) });
    const full = await post(RECORD, {}, { store: () => failing });
    expect([full.statusCode, full.headers['retry-after'], full.json()]).toEqual([
      503,
      '5',
      { error: 'the disk is full' },
    ]);
    const off = await post(RECORD, {}, { ingest: () => ingest({ token: undefined }) });
    expect([off.statusCode, off.headers['retry-after']]).toEqual([503, '5']);
  });
});

describe('GET /api/v1/leases', () => {
  it('hands every filter to the store', async () => {
    let asked: object | undefined;
    const store = fakeStore({
      leases: async (query) => {
        asked = query;
        return ok({ leases: [], next_cursor: null, previous_cursor: 'before' });
      },
    });
    const url =
      '/api/v1/leases?state=expiring&within=30d&product=x&class=client&host=h&client=ws&sort=client&limit=5&cursor=c';
    expect((await app({ store: () => store }).inject(url)).json()).toEqual({ leases: [], next_cursor: null });
    expect(asked).toEqual({
      state: 'expiring',
      within: 30 * 86_400,
      product: 'x',
      cls: 'client',
      host: 'h',
      client: 'ws',
      sort: 'client',
      limit: 5,
      cursor: 'c',
    });
  });

  it.each([
    ['state=x', /^state must be retired, superseded, .* or valid, but is 'x'$/],
    ['limit=0', /^limit must be a whole number from 1 to 1000, but is (0|'0')$/],
    ['limit=1001', /^limit must be a whole number from 1 to 1000, but is /],
    ['limit=many', /^limit must be a whole number from 1 to 1000, but is 'many'$/],
    ['limit=1&limit=2', /^limit must be a whole number from 1 to 1000, but is a list$/],
    ['sort=up', /^sort must be expiry, client or last_request, but is 'up'$/],
    ['class=x', /^class must be client, server, office or unknown, but is 'x'$/],
    ['within=5', /^within is not a duration: /],
    ['client=', /^client must be 1 to 256 characters long, but is ''$/],
    ['nonsense=1', /^unknown parameter 'nonsense'; known parameters: state, within, /],
    ['sort=up&limit=x', /^sort .*; limit must/],
  ])('%s is 400', async (query, sentence) => {
    const response = await app().inject(`/api/v1/leases?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toMatch(sentence);
  });

  it('of a bad cursor is 400, of a failing store 503', async () => {
    const failing = (reason: 'bad_query' | 'io') => () =>
      fakeStore({ leases: async () => err({ reason, text: 'no' }) });
    expect((await app({ store: failing('bad_query') }).inject('/api/v1/leases')).statusCode).toBe(400);
    expect((await app({ store: failing('io') }).inject('/api/v1/leases')).statusCode).toBe(503);
  });
});

describe('GET /api/v1/forecast', () => {
  it('looks 180 days ahead, or as far as it is told', async () => {
    expect((await app().inject('/api/v1/forecast')).json()).toMatchObject({ days: 180 });
    expect((await app().inject('/api/v1/forecast?days=30')).json()).toMatchObject({ days: 30 });
    expect((await app().inject('/api/v1/forecast?days=401')).statusCode).toBe(400);
  });

  it('tells each host and class', async () => {
    expect((await app().inject('/api/v1/forecast')).json()).toEqual({
      as_of: '1970-01-01T00:00:00Z',
      days: 180,
      hosts: [{ host: 'kms01.corp.example', class: 'client', pool: 'windows', census: [2, 1], ends: [1] }],
    });
  });
});
