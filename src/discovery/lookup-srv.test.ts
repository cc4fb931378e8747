import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { encode } from 'dns-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { type Fault, type FaultyDns, framed, startFaultyDns } from '../../test/peers/faulty-dns.ts';
import { hostName } from '../../test/support/host-name.ts';
import { FOREVER } from '../../test/support/patient.ts';
import type { DemoRecord, DnsRequest } from '../demo/dns-server.ts';
import { startDnsServer } from '../demo/dns-server.ts';
import { systemClock } from '../kernel/clock.ts';
import { hostNameOfRecord } from '../kernel/host-name.ts';
import { systemRandom } from '../kernel/random.ts';
import { millis } from '../kernel/time.ts';
import type { LookupOptions } from './exchange.ts';
import { lookupSrv } from './lookup-srv.ts';
import { nameServer } from './servers.ts';
import type { SrvAnswer, SrvLookup } from './types.ts';

const DOMAIN = 'corp.example';
const SERVICE = `_vlmcs._tcp.${DOMAIN}`;
const KMS01 = { target: 'kms01.corp.example', port: 1688, priority: 0, weight: 0, ttl: 600 };
const RECORDS: DemoRecord[] = [
  { name: SERVICE, type: 'SRV', target: 'kms01.corp.example', port: 1688 },
  { name: 'kms01.corp.example', type: 'A', address: '127.0.0.2', ttl: 60 },
  { name: 'kms01.corp.example', type: 'AAAA', address: '::1' },
  { name: 'other.corp.example', type: 'A', address: '127.0.0.9' },
];

const servers: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(records: DemoRecord[], script?: (request: DnsRequest) => Fault | undefined): Promise<FaultyDns> {
  const server = await startFaultyDns({ zones: [DOMAIN], records }, script);
  servers.push(server);
  return server;
}

async function startRaw(respond: (request: DnsRequest) => Buffer): Promise<{ port: number }> {
  const server = await startDnsServer({
    zones: [DOMAIN],
    records: [],
    intercept: (request) => {
      request.write(framed(request, respond(request)));
      return true;
    },
  });
  servers.push(server);
  return server;
}

/** The header and question of an answer, with these records behind it. */
function withAnswers({ answer, question }: DnsRequest, records: readonly number[][]): Buffer {
  const message = Buffer.from(answer.subarray(0, 12 + question.name.length + 2 + 4));
  message.writeUInt16BE(0x8480, 2);
  message.fill(0, 6, 12);
  message.writeUInt16BE(records.length, 6);
  return Buffer.concat([message, Buffer.from(records.flat())]);
}

/** For what ends by waiting. */
const HASTY = { timeout: millis(300) };

function options(changes: Partial<LookupOptions> = {}): LookupOptions {
  const signal = new AbortController().signal;
  return { timeout: FOREVER, attempts: 2, clock: systemClock, random: systemRandom, signal, ...changes };
}

function ask(server: { port: number }, changes: Partial<LookupOptions> = {}): Promise<SrvLookup> {
  return lookupSrv(hostName(DOMAIN), nameServer(hostName('127.0.0.1'), server.port), options(changes));
}

function answerOf({ result }: SrvLookup): SrvAnswer {
  if (!result.ok) throw new Error(`${result.error.reason}: ${result.error.detail}`);
  return result.value;
}

describe('an answer', () => {
  test('gives the records, with the addresses of their targets alone', async () => {
    const server = await start(RECORDS);
    const lookup = await ask(server);
    expect(answerOf(lookup)).toEqual({
      status: 'records',
      records: [KMS01],
      flaws: [],
      glue: [
        { name: 'kms01.corp.example', family: 4, address: '127.0.0.2', ttl: 60 },
        { name: 'kms01.corp.example', family: 6, address: '::1', ttl: 600 },
      ],
    });
    expect(lookup).toMatchObject({ domain: DOMAIN, ignored: { malformed: 0, mismatch: 0 } });
    expect(lookup.duration).toBeGreaterThan(0);
    expect(server.seen).toMatchObject([{ transport: 'udp', edns: true, question: { name: SERVICE } }]);
  });

  test('has no addresses of other names, and none that are not well formed', async () => {
    const server = await startRaw(({ id, question }) => {
      const answer = encode({
        type: 'response',
        id,
        questions: [{ name: question.name, type: 'SRV' }],
        answers: [{ name: question.name, type: 'SRV', data: { target: 'kms01.corp.example', port: 1688 } }],
        additionals: [
          { name: 'bank.example', type: 'A', data: '192.0.2.66' },
          { name: 'kms01.corp.example', type: 'A', class: 'CH', data: '192.0.2.67' },
          { name: 'kms01.corp.example', type: 'A', data: '192.0.2.1' },
        ],
      });
      // An A record of the target, with five octets.
      const target = answer.indexOf('\x05kms01');
      answer.writeUInt16BE(4, 10);
      return Buffer.concat([answer, Buffer.from([0xc0, target, 0, 1, 0, 1, 0, 0, 0, 60, 0, 5, 192, 0, 2, 68, 0])]);
    });
    expect(answerOf(await ask(server)).glue.map(({ address }) => address)).toEqual(['192.0.2.1']);
  });

  test('is taken from a server with an IPv6 address', async () => {
    const server = await startDnsServer({ address: '::1', zones: [DOMAIN], records: RECORDS });
    servers.push(server);
    const lookup = await lookupSrv(hostName(DOMAIN), nameServer(hostName('::1'), server.port), options());
    expect(answerOf(lookup).records).toEqual([KMS01]);
    expect(lookup.server.label).toBe(`[::1]:${server.port}`);
  });

  test('is taken from a server that the system resolves', async () => {
    const server = await start(RECORDS);
    const lookup = await lookupSrv(hostName(DOMAIN), nameServer(hostName('localhost'), server.port), options());
    // The system may prefer ::1, where nothing listens: what matters is that the name was resolved.
    expect(lookup.result.ok || lookup.result.error.detail.includes('[::1]')).toBe(true);
  });

  test('of a server whose name the system does not know is a failure that names it', async () => {
    const lookup = await lookupSrv(hostName(DOMAIN), nameServer(hostName('nowhere.invalid'), 53), options());
    expect(lookup.result).toMatchObject({
      ok: false,
      error: { reason: 'network', detail: expect.stringContaining('nowhere.invalid') },
    });
  });

  test.each([
    ['nodata', [{ name: `x.${SERVICE}`, type: 'A', address: '127.0.0.1' }] as DemoRecord[]],
    ['nxdomain', [] as DemoRecord[]],
  ])('may be that there is nothing: %s', async (status, records) => {
    expect(answerOf(await ask(await start(records)))).toEqual({ status, records: [], flaws: [], glue: [] });
  });

  test('names each flawed record and keeps the others', async () => {
    const server = await start([
      ...RECORDS.slice(0, 1),
      { name: SERVICE, type: 'SRV', target: 'kms01.corp.example', port: 1688, ttl: 5 },
      { name: SERVICE, type: 'SRV', target: 'kms01.corp.example', port: 0 },
      { name: SERVICE, type: 'SRV', target: '.', port: 0 },
      { name: SERVICE, type: 'SRV', target: 'kms 02.corp.example', port: 1688, priority: 3, weight: 4 },
      { name: SERVICE, type: 'SRV', target: 'kmsü.corp.example', port: 1688 },
      { name: SERVICE, type: 'SRV', target: '10.0.0.1', port: 1688 },
    ]);
    const { records, flaws } = answerOf(await ask(server));
    expect(records).toEqual([KMS01]);
    expect(flaws).toEqual([
      { kind: 'duplicate', text: 'SRV 0 0 1688 kms01.corp.example is in the answer twice' },
      { kind: 'malformed', text: 'SRV 0 0 0 kms01.corp.example: port 0 cannot be connected to' },
      { kind: 'null_target', text: 'SRV 0 0 0 . means that the service is not offered (RFC 2782)' },
      { kind: 'malformed', text: expect.stringMatching(/^SRV 3 4 1688 kms\\03202.corp.example: .*not a host name/) },
      { kind: 'malformed', text: expect.stringMatching(/^SRV 0 0 1688 kms\\195\\188.corp.example: /) },
      { kind: 'malformed', text: 'SRV 0 0 1688 10.0.0.1: its target must be a name, not an address' },
    ]);
  });

  test('keeps the good records of an answer with one that cannot be read', async () => {
    // The first record's target points forward.
    const bad = [0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, 9, 0, 0, 0, 0, 6, 0x98, 1, 0x61, 0xff];
    const good = [0xc0, 12, 0, 33, 0, 1, 0xff, 0, 0, 0, 0, 9, 0, 1, 0, 2, 6, 0x98, 1, 0x61, 0];
    const server = await startRaw((request) => withAnswers(request, [bad, good]));
    const { records, flaws } = answerOf(await ask(server));
    expect(records).toEqual([{ target: 'a', port: 1688, priority: 1, weight: 2, ttl: 0 }]);
    expect(flaws).toMatchObject([{ kind: 'malformed', text: expect.stringContaining('an invalid pointer') }]);
  });

  test('tells records apart whose targets begin alike', async () => {
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}`;
    const server = await start(
      ['one', 'two'].map((end) => ({ name: SERVICE, type: 'SRV', target: `${long}.${end}`, port: 1688 })),
    );
    expect(answerOf(await ask(server))).toMatchObject({ records: [{}, {}], flaws: [] });
  });

  test('has no more records than anybody can need', async () => {
    const many = Array.from({ length: 300 }, (_, n) => [
      ...[0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, 9, 0, 0, n >> 8, n & 0xff, 6, 0x98, 1, 0x61, 0],
    ]);
    const server = await startRaw((request) => withAnswers(request, many));
    const { records, flaws } = answerOf(await ask(server));
    expect(records).toHaveLength(256);
    expect(flaws).toEqual([{ kind: 'malformed', text: '300 records: only the first 256 are used' }]);
  });
});

describe('aliases', () => {
  test('are followed within the answer', async () => {
    const server = await start([
      { name: SERVICE, type: 'CNAME', target: 'a.corp.example' },
      { name: 'a.corp.example', type: 'SRV', target: 'kms01.corp.example', port: 1688 },
    ]);
    expect(answerOf(await ask(server)).records).toEqual([KMS01]);
    expect(server.seen).toHaveLength(1);
  });

  test('are asked for when the answer ends with one', async () => {
    const server = await startRaw(({ question, id, answer }) => {
      const flags = 1 << 10;
      const own = { id, type: 'response' as const, flags, questions: [{ name: question.name, type: 'SRV' as const }] };
      if (question.name !== SERVICE) return answer;
      return encode({ ...own, answers: [{ name: SERVICE, type: 'CNAME', data: 'b.corp.example' }] });
    });
    expect(answerOf(await ask(server))).toMatchObject({ status: 'nxdomain' });
  });

  test('of an alias whose target the server refuses name the target', async () => {
    const server = await start([{ name: SERVICE, type: 'CNAME', target: 'kms.elsewhere.example' }]);
    expect(await ask(server)).toMatchObject({
      result: { error: { reason: 'refused', detail: expect.stringContaining('kms.elsewhere.example') } },
    });
  });

  test.each([
    [8, true],
    [9, false],
  ])('in a row may be eight: %i', async (count, fine) => {
    const names = [SERVICE, ...Array.from({ length: count }, (_, n) => `a${n}.corp.example`)];
    const server = await start([
      ...names.slice(1).map((target, n) => ({ name: names[n] ?? '', type: 'CNAME', target }) as const),
      { name: `a${count - 1}.corp.example`, type: 'SRV', target: 'kms01.corp.example', port: 1688 },
    ]);
    expect((await ask(server)).result.ok).toBe(fine);
  });

  test('that run in a circle end', async () => {
    const server = await start([
      { name: SERVICE, type: 'CNAME', target: 'a.corp.example' },
      { name: 'a.corp.example', type: 'CNAME', target: SERVICE },
    ]);
    const { result } = await ask(server);
    expect(result).toMatchObject({
      error: { reason: 'other', detail: expect.stringContaining('more than 8 aliases') },
    });
    expect(server.seen.length).toBeLessThanOrEqual(9);
  });
});

describe('a server that answers badly at first', () => {
  test.each([
    ['wrong id, then right', { mismatch: 1, malformed: 0 }, ['udp+']],
    ['garbage, then right', { mismatch: 0, malformed: 1 }, ['udp+']],
    ['truncated', { mismatch: 0, malformed: 0 }, ['udp+', 'tcp+']],
    ['one octet at a time', { mismatch: 0, malformed: 0 }, ['udp+', 'tcp+']],
    ['formerr on EDNS', { mismatch: 0, malformed: 0 }, ['udp+', 'udp-']],
    ['servfail on EDNS', { mismatch: 0, malformed: 0 }, ['udp+', 'udp-']],
    ['notimp on EDNS', { mismatch: 0, malformed: 0 }, ['udp+', 'udp-']],
    ['badvers on EDNS', { mismatch: 0, malformed: 0 }, ['udp+', 'udp-']],
    ['silent on EDNS', { mismatch: 0, malformed: 0 }, ['udp+', 'udp-']],
  ] satisfies [Fault, object, string[]][])('%s: is understood', async (fault, ignored, requests) => {
    const server = await start(RECORDS, () => fault);
    const lookup = await ask(server, fault === 'silent on EDNS' ? HASTY : {});
    expect(answerOf(lookup).records).toEqual([KMS01]);
    expect(lookup.ignored).toEqual(ignored);
    expect(server.seen.map(({ transport, edns }) => transport + (edns ? '+' : '-'))).toEqual(requests);
  });

  test('EDNS0 is given up within one attempt when the server does not know it', async () => {
    const server = await start(RECORDS, () => 'formerr on EDNS');
    expect(answerOf(await ask(server, { attempts: 1 })).records).toEqual([KMS01]);
  });

  test('an answer cut in a record is asked for again over TCP', async () => {
    const server = await start(RECORDS, ({ transport }) => (transport === 'udp' ? 'cut in a record' : undefined));
    expect(answerOf(await ask(server)).records).toEqual([KMS01]);
  });

  test('a lost packet is sent again, with another id', async () => {
    const server: FaultyDns = await start(RECORDS, () => (server.seen.length === 1 ? 'silent' : undefined));
    expect(answerOf(await ask(server, HASTY)).records).toEqual([KMS01]);
    expect(new Set(server.seen.map(({ id }) => id)).size).toBe(2);
  });
});

describe('a failure', () => {
  test.each([
    ['silent', 'timeout', 'no answer in 2 attempts of 0.3 s'],
    ['wrong id', 'mismatch', 'answer a different query'],
    ['wrong question', 'mismatch', 'answer a different query'],
    ['a query back', 'mismatch', 'answer a different query'],
    ['garbage', 'malformed', 'malformed packets'],
    ['silent over TCP', 'timeout', 'TCP port'],
  ] satisfies [Fault, string, string][])('%s: has the reason %s, in time', async (fault, reason, detail) => {
    const server = await start(RECORDS, () => fault);
    const lookup = await ask(server, HASTY);
    expect(lookup.result).toMatchObject({ ok: false, error: { reason, detail: expect.stringContaining(detail) } });
    expect(server.seen).toHaveLength(2);
  });

  test.each([
    ['servfail', 'servfail', 'SERVFAIL'],
    ['servfail without question', 'servfail', 'SERVFAIL'],
    ['refused', 'refused', 'REFUSED'],
    ['notauth', 'other', 'NOTAUTH'],
    ['referral', 'other', 'referral'],
    ['lame', 'other', 'lame'],
    ['truncated twice', 'other', 'even over TCP'],
    ['closed over TCP', 'network', 'closed the TCP connection'],
    ['torn over TCP', 'network', 'closed the TCP connection'],
    ['too long over TCP', 'malformed', 'more than 16384 bytes'],
    ['garbage over TCP', 'malformed', 'the message is cut'],
  ] satisfies [Fault, string, string][])('%s: has the reason %s, at once', async (fault, reason, detail) => {
    const server = await start(RECORDS, () => fault);
    const lookup = await ask(server, { timeout: FOREVER });
    expect(lookup.result).toMatchObject({ ok: false, error: { reason, detail: expect.stringContaining(detail) } });
  });

  test('formerr: when the query has no EDNS0 left to leave out', async () => {
    const server = await startRaw(({ id }) => Buffer.from([id >> 8, id & 0xff, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0]));
    expect(await ask(server)).toMatchObject({ result: { error: { reason: 'formerr' } } });
  });

  test('network: when nothing listens', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    await once(socket, 'close');
    const { result } = await ask({ port });
    expect(result).toMatchObject({
      error: { reason: 'network', detail: expect.stringContaining('nothing is listening on the port') },
    });
  });

  test('other: when the name cannot be asked for', async () => {
    const server = nameServer(hostName('127.0.0.1'), 9);
    const { result } = await lookupSrv(hostNameOfRecord(`${'a'.repeat(64)}.example`), server, options());
    expect(result).toMatchObject({ error: { reason: 'other', detail: expect.stringContaining('1 to 63') } });
  });

  test('other: when the signal ends it, at once', async () => {
    const server = await start(RECORDS, () => 'silent');
    const lookup = await ask(server, { timeout: FOREVER, signal: AbortSignal.timeout(30) });
    expect(lookup.result).toMatchObject({ error: { reason: 'other', detail: 'the lookup was cancelled' } });
  });
});

test('no socket and no timer is left behind', async () => {
  const before = process.getActiveResourcesInfo().filter(isOurs).length;
  const server = await start(RECORDS, () => 'torn over TCP');
  const silent = await start(RECORDS, () => 'silent');
  await Promise.all([ask(server), ask(silent, HASTY), ask(silent, { signal: AbortSignal.abort() })]);
  await Promise.all(servers.splice(0).map(({ close }) => close()));
  await expect.poll(() => process.getActiveResourcesInfo().filter(isOurs).length).toBeLessThanOrEqual(before);
});

function isOurs(resource: string): boolean {
  return ['UDPWrap', 'TCPSocketWrap', 'TCPServerWrap'].includes(resource);
}
