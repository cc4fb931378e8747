import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type LogRecord, WRITERS } from '../../../test/data/events/writers.ts';
import { readEventsFrom } from '../../../test/support/read-events.ts';
import { eventFormsDocument } from './document.ts';
import { EVENT_FORMS, formOf } from './table.ts';

const SAMPLES = new URL('../../../test/data/events/', import.meta.url);
const files = readdirSync(SAMPLES).filter((name) => /\.(xml|ndjson|txt)$/.test(name));

const HOST = 'kms01.corp.example.com';
const EXPECTED = [
  {
    host: HOST,
    log: 'kms',
    recordId: 1001,
    time: Date.UTC(2026, 4, 4, 10, 11, 12) / 1000,
    body: {
      kind: 'request',
      hresult: 0,
      nPolicy: 25,
      machine: 'wks01.corp.example.com',
      clientId: '930bd202-a335-4c7e-bd9d-7305361f0d37',
      clientTime: Date.UTC(2026, 4, 4, 10, 11) / 1000,
      virtual: false,
      status: 1,
      minutes: 249120,
      activationId: '73111121-5638-40f6-bc11-f1d7b0d64300',
    },
  },
  {
    host: HOST,
    log: 'kms',
    recordId: 1002,
    time: Date.UTC(2026, 4, 4, 10, 12, 59) / 1000,
    body: {
      kind: 'request',
      hresult: 0xc004f06c,
      nPolicy: 5,
      machine: 'srv07',
      clientId: '2f362dd3-fb39-4d18-94e6-de1d30dd27d5',
      clientTime: Date.UTC(2026, 4, 4, 3, 2) / 1000,
      virtual: true,
      status: 2,
      minutes: 41520,
      activationId: 'ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03',
    },
  },
  {
    host: HOST,
    log: 'application',
    recordId: 501,
    time: Date.UTC(2026, 4, 4, 10, 13) / 1000,
    body: { kind: 'dns_publish', result: 'failure', domain: 'corp.example.com', hresult: 0x80072338 },
  },
  {
    host: HOST,
    log: 'application',
    recordId: 502,
    time: Date.UTC(2026, 4, 4, 10, 14, 1) / 1000,
    body: { kind: 'dns_publish', result: 'success', domain: 'emea.example.com', hresult: 0 },
  },
];
/** Samples that do not have all five records. */
const SHORT: Readonly<Record<string, number>> = { 'nxlog-message.ndjson': 2, 'powershell-single.json.txt': 1 };

describe('samples', () => {
  test.each(files)('%s', (name) => {
    const readings = readEventsFrom(readFileSync(new URL(name, SAMPLES)));
    const count = SHORT[name] ?? 4;
    expect(readings.slice(0, count)).toEqual(EXPECTED.slice(0, count).map((value) => ({ ok: true, value })));
    expect(readings.slice(count)).toEqual(
      count === 4 ? [{ ok: false, error: { kind: 'ignored', reason: 'its id is not one of 12290 to 12294' } }] : [],
    );
  });

  it('are there for every form', () => {
    for (const { name } of EVENT_FORMS) expect(files.filter((file) => file.startsWith(name))).not.toEqual([]);
  });
});

const guid = fc.uuid();
const machine = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,14}(\.corp\.example\.com)?$/);
const hresult = fc.constantFrom(0, 0xc004f06c, 0xc004f042, 1);
const minuteMs = 60_000;

/** A request with what has to be read back. */
const request = fc.record({
  hresult,
  nPolicy: fc.constantFrom(5, 25),
  machine,
  clientId: guid,
  clientMinute: fc.integer({ min: 0, max: 40_000_000 }),
  virtual: fc.boolean(),
  status: fc.integer({ min: 0, max: 6 }),
  minutes: fc.integer({ min: 0, max: 0xffff_ffff }),
  activationId: guid,
  recordId: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  time: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  joined: fc.boolean(),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

function logRecord(r: Request): LogRecord {
  const client = new Date(r.clientMinute * minuteMs);
  const fields = [
    `0x${r.hresult.toString(16).toUpperCase()}`,
    String(r.nPolicy),
    r.machine.toUpperCase(),
    r.clientId,
    `${client.getUTCFullYear()}/${client.getUTCMonth() + 1}/${client.getUTCDate()} ${client.getUTCHours()}:${String(client.getUTCMinutes()).padStart(2, '0')}`,
    r.virtual ? '1' : '0',
    String(r.status),
    String(r.minutes),
    r.activationId,
  ];
  const data = r.joined ? [fields.join(',')] : ['', ...fields];
  return { host: HOST, channel: 'Key Management Service', id: 12290, recordId: r.recordId, time: r.time, data };
}

function expected(r: Request): unknown {
  const { hresult, nPolicy, machine, clientId, virtual, status, minutes, activationId } = r;
  const clientTime = r.clientMinute * 60;
  const body = {
    kind: 'request',
    hresult,
    nPolicy,
    machine,
    clientId,
    clientTime,
    virtual,
    status,
    minutes,
    activationId,
  };
  return { ok: true, value: { host: HOST, log: 'kms', recordId: r.recordId, time: Math.floor(r.time / 1000), body } };
}

describe.each(EVENT_FORMS.map((form) => form.name))('%s', (name) => {
  const write = WRITERS[name];
  if (write === undefined) throw new Error(`no writer for the form ${name}`);

  it('gives back what was written, alone, in lines and in an array', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 4 }), (requests) => {
        const texts = requests.map((r) => write(logRecord(r)));
        const streams = name === 'event-xml' ? [texts.join(''), `<Events>${texts.join('\n')}</Events>`] : [];
        if (name !== 'event-xml') streams.push(texts.join('\n'), `${texts.join('\r\n')}\r\n`, `[${texts.join(',')}]`);
        for (const stream of streams) expect(readEventsFrom(Buffer.from(stream))).toEqual(requests.map(expected));
      }),
      { numRuns: 50 },
    );
  });

  it('is distinguished from every other form', () => {
    const text = write(logRecord(fc.sample(request, 1)[0] as Request));
    const record = name === 'event-xml' ? { Event: text } : JSON.parse(text);
    expect(formOf(record)?.name).toBe(name);
    expect(EVENT_FORMS.filter((form) => form.recognises(record)).map((form) => form.name)).toEqual([name]);
  });

  it('is read or refused, whatever is in its fields', () => {
    fc.assert(
      fc.property(request, fc.array(fc.tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 3 }))), (r, changes) => {
        let text = write(logRecord(r));
        for (const [at, put] of changes)
          text = text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1);
        expect(() => readEventsFrom(Buffer.from(text))).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

test('docs/event-forms.md is current: vitest -u writes it', async () => {
  await expect(eventFormsDocument()).toMatchFileSnapshot('../../../docs/event-forms.md');
});
