import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { app } from '../../test/support/web-app.ts';
import { err, ok } from '../kernel/result.ts';
import { Secret } from '../kernel/secret.ts';
import type { HostReport } from '../reports/types.ts';
import type { IngestSettings, ReportRefusal } from './web-backend.ts';

const REPORT = JSON.stringify({
  time: '2026-11-24T03:00:00Z',
  service: { KeyManagementServiceListeningPort: 0 },
  products: [],
  os: 'Microsoft Windows Server 2022 Standard',
});

interface Sent {
  readonly host?: string;
  readonly token?: string | undefined;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly settings?: Partial<IngestSettings>;
  readonly refusal?: ReportRefusal;
}

function secret(text: string) {
  return { read: async () => ok(new Secret(text)) };
}

/** What the agent was given, and what it answered. */
async function send({ host = 'kms01.corp.example', token = 'one', body = REPORT, ...more }: Sent = {}) {
  const taken: [string, HostReport][] = [];
  const settings: IngestSettings = {
    token: secret('ingest'),
    pushes: [
      { host: hostName('kms01.corp.example'), token: secret('one') },
      { host: hostName('kms02.corp.example'), token: secret('two') },
    ],
    canonicalise: (name) => (name === 'kms' ? hostName('kms01.corp.example') : name),
    maxBody: 10_000,
    ...more.settings,
  };
  const response = await app({
    ingest: () => settings,
    acceptReport: async (of, report) => {
      taken.push([of, report]);
      return more.refusal === undefined ? ok(undefined) : err(more.refusal);
    },
  }).inject({
    method: 'POST',
    url: `/api/v1/reports/${host}`,
    headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...more.headers },
    payload: body,
  });
  return { status: response.statusCode, body: response.body, headers: response.headers, taken };
}

describe('POST /api/v1/reports/HOST', () => {
  it('takes the report of the host whose token it is', async () => {
    const { status, body, taken } = await send();
    expect([status, body]).toEqual([204, '']);
    expect(taken).toMatchObject([['kms01.corp.example', { time: Date.UTC(2026, 10, 24, 3), listeningPort: 1688 }]]);
  });

  it('knows the host by any of its names', async () => {
    for (const host of ['KMS', 'KMS01.corp.example', 'kms01.corp.example.', 'kms%30%31.corp.example']) {
      expect((await send({ host })).taken[0]?.[0]).toBe('kms01.corp.example');
    }
  });

  it.each<[string, number, Sent]>([
    ['no token', 401, { token: '' }],
    ['a wrong token', 401, { token: 'wrong' }],
    ['a wrong token, for a host that nobody knows', 401, { token: 'wrong', host: 'kms09.corp.example' }],
    ['the token of another host', 403, { token: 'two' }],
    ['the token of shippers', 403, { token: 'ingest' }],
    ['the token of another host, for one that does not push', 404, { token: 'two', host: 'kms09.corp.example' }],
    ['its own token, for no name at all', 404, { host: '%20' }],
    ['a body that is no JSON', 400, { body: '{' }],
    ['no body', 400, { body: '' }],
    ['a report that cannot be read', 400, { body: REPORT.replace('time', 'thyme') }],
    ['a report from the future', 400, { refusal: { reason: 'dated_ahead', text: 'set the clock right' } }],
    ['too much', 413, { body: ' '.repeat(10_001) }],
    ['too much after decompression', 413, { body: gzipSync(' '.repeat(1e6)), headers: { 'content-encoding': 'gzip' } }],
    ['a strange encoding', 415, { headers: { 'content-encoding': 'br' } }],
    ['broken compression', 400, { headers: { 'content-encoding': 'gzip' } }],
    ['a store that cannot take it', 503, { refusal: { reason: 'store', text: 'the disk is full' } }],
    ['a host that a reload has just taken away', 503, { refusal: { reason: 'unknown_host', text: 'not configured' } }],
  ])('%s is %i, and says why', async (_what, expected, sent) => {
    const { status, body, taken } = await send(sent);
    expect(status).toBe(expected);
    expect(JSON.parse(body).error).toMatch(/\w/);
    expect(taken).toHaveLength(sent.refusal === undefined ? 0 : 1);
  });

  it('tells the same to strangers, whether there is such a host or not', async () => {
    const [known, unknown] = [await send({ token: 'x' }), await send({ token: 'x', host: 'nobody' })];
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    expect(known.headers['www-authenticate']).toBe('Bearer');
  });

  it('takes gzip, UTF-16 and any type, as log records are taken', async () => {
    const gzip = await send({ body: gzipSync(REPORT), headers: { 'content-encoding': 'gzip' } });
    const utf16 = await send({
      body: Buffer.from(`\ufeff${REPORT}`, 'utf16le'),
      headers: { 'content-type': 'text/x' },
    });
    const upper = await send({ body: gzipSync(REPORT), headers: { 'content-encoding': 'GZIP' } });
    expect([gzip.status, utf16.status, upper.status]).toEqual([204, 204, 204]);
  });

  it('asks to come again while cannot read a token, or the store is away', async () => {
    const unreadable = { read: async () => err('cannot read the secret in /etc/kmswatch/kms01.token') };
    const pushes = [{ host: hostName('kms01.corp.example'), token: unreadable }];
    const lost = await send({ settings: { pushes } });
    expect([lost.status, lost.headers['retry-after']]).toEqual([503, '5']);
    expect(lost.body).not.toContain('/etc');
    const full = await send({ refusal: { reason: 'store', text: 'the disk is full' } });
    expect([full.headers['retry-after'], JSON.parse(full.body)]).toEqual(['5', { error: 'the disk is full' }]);
  });
});
