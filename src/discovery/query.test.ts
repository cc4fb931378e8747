import { encode, type Packet } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lameness } from './chain.ts';
import { MAX_MESSAGE } from './constants.ts';
import { DnsFormatError } from './errors.ts';
import { readName } from './name-reader.ts';
import { encodeQuery, type Query, type Reply, readReply } from './query.ts';
import { decodeAddresses, decodeCname, decodeSrv, negativeTtl } from './record-data.ts';

const QUERY: Query = { id: 0x1234, name: '_vlmcs._tcp.corp.example', type: 'SRV' };
/** Each of the most records that a message may have has a name of 255 octets, with a pointer at each of its labels. */
const MAX_LOOKS = 1024 * (255 + 2 * 126);

const RESPONSE: Packet = {
  type: 'response',
  id: QUERY.id,
  flags: 1 << 10,
  questions: [{ name: QUERY.name, type: 'SRV' }],
  answers: [
    { name: QUERY.name, type: 'CNAME', ttl: 7, data: 'alias.corp.example' },
    { name: QUERY.name, type: 'SRV', ttl: 600, data: { target: 'kms01.corp.example', port: 1688 } },
  ],
  authorities: [
    { name: 'corp.example', type: 'SOA', ttl: 60, data: { mname: 'ns.corp.example', rname: 'a.b', minimum: 30 } },
  ],
  additionals: [
    { name: 'kms01.corp.example', type: 'A', data: '192.0.2.1' },
    { name: 'kms01.corp.example', type: 'AAAA', data: '2001:db8::1' },
  ],
};

/** Reads all that the room ever reads of a packet. */
function readAll(bytes: Buffer): Reply {
  const reply = readReply(bytes, QUERY);
  if (reply.kind !== 'answer') return reply;
  const { message } = reply;
  const records = [...message.answers, ...message.authorities, ...message.additionals];
  for (const record of records) {
    for (const decode of [decodeSrv, decodeCname]) {
      try {
        decode(bytes, record);
      } catch (error) {
        if (!(error instanceof DnsFormatError)) throw error;
      }
    }
  }
  decodeAddresses(bytes, records);
  negativeTtl(message);
  lameness(message);
  return reply;
}

/** Reads a message. @returns how often an octet of it was looked at, which is what makes reading slow */
function looks(bytes: Buffer): number {
  let count = 0;
  const counted = new Proxy(bytes, {
    get: (target, key) => {
      count += 1;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  readAll(bytes);
  readReply(counted, QUERY);
  return count;
}

describe('writing a query', () => {
  test.each([true, false])('gives what dns-packet reads back, EDNS0 %s', (edns) => {
    const packet = encodeQuery(QUERY, edns);
    expect(packet.ok && packet.value.readUInt16BE(0)).toBe(QUERY.id);
    expect(packet.ok && packet.value.readUInt16BE(10)).toBe(edns ? 1 : 0);
    expect(packet.ok && readName(packet.value, 12).text).toBe(QUERY.name);
  });

  test.each([
    ['a label of 64', 'a'.repeat(64)],
    ['an empty label', 'a..b'],
    ['nothing', ''],
    ['beyond ASCII', 'kmsü.example'],
    ['more than 255 octets', Array(5).fill('a'.repeat(60)).join('.')],
  ])('refuses a name that would not be written as it is: %s', (_, name) => {
    expect(encodeQuery({ ...QUERY, name }, true).ok).toBe(false);
  });
});

describe('reading a reply', () => {
  test('takes one that matches, whatever its case', () => {
    const questions = [{ name: QUERY.name.toUpperCase(), type: 'SRV' as const }];
    expect(readReply(encode({ ...RESPONSE, questions }), QUERY).kind).toBe('answer');
  });

  test.each<[string, Partial<Packet>]>([
    ['another id', { id: 1 }],
    ['a query', { type: 'query' }],
    ['another opcode', { flags: 4 << 11 }],
    ['another name', { questions: [{ name: 'x.example', type: 'SRV' }] }],
    ['another type', { questions: [{ name: QUERY.name, type: 'A' }] }],
    ['another class', { questions: [{ name: QUERY.name, type: 'SRV', class: 'CH' }] }],
    ['no question', { questions: [] }],
    ['two questions', { questions: [...(RESPONSE.questions ?? []), ...(RESPONSE.questions ?? [])] }],
  ])('passes over one with %s', (_, change) => {
    expect(readReply(encode({ ...RESPONSE, ...change }), QUERY).kind).toBe('mismatch');
  });

  test('reads the full rcode, in which OPT has the upper bits', () => {
    const opt = { type: 'OPT', name: '.', udpPayloadSize: 512, extendedRcode: 1, ednsVersion: 0 } as const;
    const bytes = encode({ ...RESPONSE, additionals: [{ ...opt, flags: 0, flag_do: false, options: [] }] });
    const reply = readReply(bytes, QUERY);
    expect(reply.kind === 'answer' && reply.message.rcode).toBe(16);
  });

  test('knows a truncated one that is cut anywhere behind its question', () => {
    const bytes = encode({ ...RESPONSE, flags: 1 << 9 });
    const question = 12 + QUERY.name.length + 2 + 4;
    for (let end = question; end < bytes.length; end += 1) {
      expect(readReply(bytes.subarray(0, end), QUERY).kind).toBe('truncated');
    }
    expect(readReply(bytes.subarray(0, question - 1), QUERY).kind).toBe('malformed');
  });

  test('calls one malformed that is cut anywhere, and lets octets behind it pass', () => {
    const bytes = encode(RESPONSE);
    for (let end = 0; end < bytes.length; end += 1) {
      expect(readReply(bytes.subarray(0, end), QUERY).kind).toBe('malformed');
    }
    expect(readReply(Buffer.concat([bytes, Buffer.alloc(9)]), QUERY).kind).toBe('answer');
  });

  test('gives back each record that dns-packet wrote', () => {
    const host = fc.stringMatching(/^[a-z][a-z0-9]{0,14}$/);
    const record = fc.record({ target: host, port: fc.nat(65535), priority: fc.nat(65535), weight: fc.nat(65535) });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), fc.nat(2 ** 31 - 1), (records, ttl) => {
        const answers = records.map((data) => ({ name: QUERY.name, type: 'SRV' as const, ttl, data }));
        const bytes = encode({ ...RESPONSE, answers });
        const reply = readReply(bytes, QUERY);
        const read = reply.kind === 'answer' ? reply.message.answers : [];
        expect(read.map((one) => decodeSrv(bytes, one))).toEqual(records);
        expect(read.every((one) => one.ttl === ttl)).toBe(true);
      }),
    );
  });
});

describe('hostile octets', () => {
  test('of any kind are never more than malformed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (octets) => {
        expect(looks(Buffer.from(octets))).toBeLessThan(MAX_LOOKS);
      }),
      { numRuns: 500 },
    );
  });

  test('in a good packet are never more than malformed', () => {
    const good = encode(RESPONSE);
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), fc.nat(good.length), (changes, cut) => {
        const bytes = Buffer.from(good);
        for (const [offset, value] of changes) bytes[offset] = value;
        expect(looks(bytes)).toBeLessThan(MAX_LOOKS);
        expect(looks(bytes.subarray(0, cut))).toBeLessThan(MAX_LOOKS);
      }),
      { numRuns: 2000 },
    );
  });

  test('that claim 65535 records cost nothing', () => {
    const header = Buffer.from(encode({ ...RESPONSE, answers: [], authorities: [], additionals: [] }));
    header.fill(0xff, 6, 12);
    expect(readReply(header, QUERY).kind).toBe('malformed');
    expect(looks(header)).toBeLessThan(2 * header.length);
  });

  test('that are more records than anybody needs are malformed', () => {
    const record = Buffer.from([0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0]);
    const ofCount = (count: number) => Buffer.concat([response(count), ...Array(count).fill(record)]);
    expect(readReply(ofCount(1024), QUERY).kind).toBe('answer');
    expect(readReply(ofCount(1025), QUERY).kind).toBe('malformed');
  });

  test.each([
    ['a chain of pointers', pointerChain],
    ['records whose names jump as often as they may', jumpingRecords],
    ['the longest names', longNames],
  ])('of the largest size are read once: %s', (_, build) => {
    const bytes = build();
    expect(looks(bytes)).toBeLessThan(MAX_LOOKS);
  });

  test.each([
    ['a loop', [0xc0, 0]],
    ['a pointer to itself behind a label', [1, 0x61, 0xc0, 0]],
    ['a pointer forward', [0xc0, 2, 0]],
    ['a reserved kind of label', [0x40, 0]],
    ['an extended label', [0x80, 0]],
    ['no end', [1, 0x61]],
    ['a label beyond the end', [5, 0x61]],
    ['half a pointer', [0xc0]],
    ['nothing', []],
  ])('in a name are refused: %s', (_, octets) => {
    expect(() => readName(Buffer.from(octets), 0)).toThrow(DnsFormatError);
  });

  test('in a label are written so that no two names look alike', () => {
    const bytes = Buffer.from([3, 0x61, 0x2e, 0x62, 2, 0x0a, 0xff, 2, 0x5c, 0x41, 0]);
    expect(readName(bytes, 0)).toEqual({ text: 'a\\046b.\\010\\255.\\092a', end: 11 });
  });

  test('make no name longer than 255 octets', () => {
    const label = [63, ...Array(63).fill(0x61)];
    const longest = [...label, ...label, ...label, 61, ...Array(61).fill(0x61), 0];
    expect(readName(Buffer.from(longest), 0).end).toBe(255);
    expect(() => readName(Buffer.from([...label, ...label, ...label, ...label, 0]), 0)).toThrow(DnsFormatError);
  });
});

function response(answers: number): Buffer {
  const bytes = Buffer.from(encode({ ...RESPONSE, answers: [], authorities: [], additionals: [] }));
  bytes.writeUInt16BE(answers, 6);
  return bytes;
}

/** Pointers, each to the one before it, in the data of one record, and records whose names point to the last ones. */
function pointerChain(): Buffer {
  const head = response(1024);
  const start = head.length + 12;
  const chain = Array.from({ length: 125 }, (_, n) => (n === 0 ? 0xc00c : 0xc000 | (start + (n - 1) * 2)));
  const data = Buffer.from(chain.flatMap((pointer) => [pointer >> 8, pointer & 0xff]));
  const carrier = Buffer.from([0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 0, 0, data.length]);
  const last = 0xc000 | (start + 124 * 2);
  const record = Buffer.from([last >> 8, last & 0xff, 0, 33, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, carrier, data, ...Array(1023).fill(record)]).subarray(0, MAX_MESSAGE);
}

/** SRV records whose names and targets walk through one-letter labels, a pointer after each. */
function jumpingRecords(): Buffer {
  const head = response(700);
  const start = head.length + 12;
  const data = Buffer.concat(
    Array.from({ length: 110 }, (_, n) => {
      const pointer = n === 0 ? 0xc00c : 0xc000 | (start + (n - 1) * 4);
      return Buffer.from([1, 0x61, pointer >> 8, pointer & 0xff]);
    }),
  );
  const carrier = Buffer.from([0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 0, data.length >> 8, data.length & 0xff]);
  const last = 0xc000 | (start + 109 * 4);
  const name = [last >> 8, last & 0xff];
  const record = Buffer.from([...name, 0, 33, 0, 1, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 6, 0x98, ...name]);
  return Buffer.concat([head, carrier, data, ...Array(699).fill(record)]).subarray(0, MAX_MESSAGE);
}

function longNames(): Buffer {
  const label = [63, ...Array(63).fill(0xff)];
  const name = [...label, ...label, ...label, 61, ...Array(61).fill(0xff), 0];
  const record = Buffer.from([...name, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([response(61), ...Array(61).fill(record)]).subarray(0, MAX_MESSAGE);
}
