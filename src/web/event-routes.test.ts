import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { writeLog } from '../../test/support/evtx/evtx-writer.ts';
import { hostName } from '../../test/support/host-name.ts';
import { app, fakeStore, ingest } from '../../test/support/web-app.ts';
import type { HostName } from '../kernel/host-name.ts';
import { err, ok } from '../kernel/result.ts';
import { Secret } from '../kernel/secret.ts';
import type { IngestSettings, WebBackend } from './web-backend.ts';

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

  it('refuses a form that it cannot read once, by its name, however many records there are', async () => {
    const table = 'Ebene,Datum,Quelle,ID\r\nInformationen,27.11.2026 03:15:30,SPP,12290\r\n'.repeat(40);
    const gelf = '{"version":"1.1","short_message":"x"}\n'.repeat(40);
    for (const [form, body] of [
      ['a CSV file of Event Viewer', table],
      ['UTF-16 text without a byte-order mark', Buffer.from(table, 'utf16le')],
      ['GELF', gelf],
    ] as const) {
      const response = await post(body);
      expect([response.statusCode, response.json()]).toEqual([
        400,
        {
          ...{ accepted: 0, duplicate: 0, ignored: 0, rejected_count: 1 },
          rejected: [{ index: 0, reason: expect.stringMatching(new RegExp(`^${form} cannot be read: .+ Instead, `)) }],
        },
      ]);
    }
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
      reason: expect.stringMatching(
        /^chunk 1 \(byte 4096 of the file\) is damaged: bytes \d+ to \d+ of the file.*wevtutil epl /,
      ),
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

  it.each<[string, number, number, string]>([
    ['that has no record in it', 0, 400, 'JSON in a form that kmswatch does not know cannot be read: its keys are "a"'],
    ['that has but a few', 3, 413, ' records of the body cannot be read, 3 were taken'],
  ])('refuses a large body %s early and with words', async (_what, good, status, words) => {
    const rejected: number[] = [];
    const store = fakeStore({
      ingest: async (_, records, unread) => {
        rejected.push(unread?.rejected ?? 0);
        return ok({ accepted: records.length, duplicate: 0, ignored: 0 });
      },
    });
    const body = `${RECORD}\n`.repeat(good) + '{"a":1}\n'.repeat(2_000_000);
    const response = await post(
      gzipSync(body),
      { 'content-encoding': 'gzip' },
      {
        store: () => store,
        ingest: () => ingest({ maxBody: 64 * 2 ** 20 }),
      },
    );
    expect([response.statusCode, Object.keys(response.json())]).toEqual([status, ['error']]);
    expect(response.json().error).toContain(words);
    const counted = rejected.reduce((sum, count) => sum + count, 0);
    expect(counted).toBeGreaterThanOrEqual(100_000);
    expect(counted).toBeLessThan(200_000);
  });

  it('says of a body that is not compressed, as its header says, what to do', async () => {
    const { error } = (await post(RECORD, { 'content-encoding': 'gzip' })).json();
    expect(error).toBe(
      'the body is not gzip, although its header Content-Encoding says so: leave out the header, or compress the body',
    );
  });

  it.each(['', ' ', '[]'])('says of %j that there is no record in it', async (payload) => {
    expect((await post(payload)).json().error).toMatch(/no log record.* wevtutil qe .* --data-binary /);
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

  it('answers a client once that goes as soon as it hears that it was too much', async () => {
    const server = app({ ingest: () => ingest({ maxBody: 1000 }) });
    const failures: unknown[] = [];
    server.addHook('onError', (_request, _reply, error, done) => {
      failures.push(error);
      done();
    });
    const ended = new Promise<void>((resolve) => {
      server.addHook('onRequestAbort', (_request, done) => {
        resolve();
        done();
      });
    });
    await server.listen({ port: 0, host: '127.0.0.1' });
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(
      'POST /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer right\r\nContent-Length: 70000000\r\n\r\nx',
    );
    await once(socket, 'data');
    socket.destroy();
    await ended;
    await setTimeout(50);
    await server.close();
    expect(failures).toEqual([]);
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
