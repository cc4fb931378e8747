import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseClientTime, parseEventTime } from './event-time.ts';
import type { EventFields } from './fields.ts';
import { parseMachineName } from './machine-name.ts';
import { readEvent } from './read-event.ts';

const CLIENT = '930bd202-a335-4c7e-bd9d-7305361f0d37';
const PRODUCT = '73111121-5638-40f6-bc11-f1d7b0d64300';
const NINE = ['0x0', '25', 'wks01', CLIENT, '2026/5/4 10:11', '0', '1', '249120', PRODUCT];

function fields(changes: Partial<EventFields> = {}): EventFields {
  return {
    eventId: 12290,
    provider: 'Microsoft-Windows-Security-SPP',
    channel: 'Key Management Service',
    host: 'KMS01',
    recordId: 7,
    time: '2026-05-04T10:11:12Z',
    data: ['', ...NINE],
    message: undefined,
    ...changes,
  };
}

function nine(changes: Readonly<Record<number, string>>): readonly string[] {
  return NINE.map((text, index) => changes[index] ?? text);
}

function bodyOf(changes: Partial<EventFields>): unknown {
  const reading = readEvent(fields(changes));
  return reading.ok ? reading.value.body : reading.error.reason;
}

function kindOf(changes: Partial<EventFields>): string {
  const reading = readEvent(fields(changes));
  return reading.ok ? 'taken' : reading.error.kind;
}

describe('the layout of 12290', () => {
  const body = bodyOf({});

  test.each<[string, readonly string[]]>([
    ['nine strings', NINE],
    ['ten strings', ['what may be here', ...NINE]],
    ['strings in front and behind', ['a', 'b', ...NINE, 'c']],
    ['one string', [NINE.join(',')]],
    ['one string with blanks', [` ${NINE.join(' , ')} `]],
    ['one string among others', ['', NINE.join(','), 'x']],
    ['one string with more before it', [`junk,${NINE.join(',')}`]],
    ['GUIDs in braces and upper case', nine({ 3: `{${CLIENT.toUpperCase()}}`, 8: PRODUCT.toUpperCase() })],
    ['a padded HRESULT', nine({ 0: '0x00000000' })],
  ])('%s', (_, data) => {
    expect(bodyOf({ data })).toEqual(body);
  });

  test.each<[string, readonly string[]]>([
    ['a field too few', NINE.slice(1)],
    ['a comma in the name', [NINE.join(',').replace('wks01', 'wks,01')]],
    ['an HRESULT in decimals', nine({ 0: '0' })],
    ['an HRESULT that is too long', nine({ 0: '0x1C004F06C' })],
    ['a count beyond 32 bits', nine({ 1: '4294967296' })],
    ['a status of 7', nine({ 6: '7' })],
    ['a virtual of 2', nine({ 5: '2' })],
    ['minutes beyond 32 bits', nine({ 7: '99999999999' })],
    ['a GUID that is too short', nine({ 8: PRODUCT.slice(1) })],
  ])('refuses %s', (_, data) => {
    expect(bodyOf({ data })).toContain('its data do not fit event 12290');
  });

  test.each([
    ['-1', 0xffff_ffff],
    ['4294967295', 0xffff_ffff],
    ['91706830', 91_706_830],
    ['0', 0],
  ])('keeps %s minutes as %i', (text, minutes) => {
    expect(bodyOf({ data: nine({ 7: text }) })).toMatchObject({ status: 1, minutes });
  });

  it('takes a request whose client time it cannot read', () => {
    expect(bodyOf({ data: nine({ 4: 'Date/Time' }) })).toMatchObject({ clientTime: undefined, machine: 'wks01' });
  });

  it('believes data before a message, and reads a message when there are no data', () => {
    const message = `Eine Aktivierungsanforderung wurde verarbeitet.\r\nInfo:\r\n${NINE.join(',')}`;
    expect(bodyOf({ data: [], message })).toEqual(body);
    expect(bodyOf({ data: ['', ''], message: `Info: ${NINE.join(',')}` })).toEqual(body);
    expect(bodyOf({ data: ['junk'], message })).toContain('its data do not fit');
    const substitute = `The description, for 12290, cannot be found: ${NINE.join(',')}`;
    expect(bodyOf({ data: [], message: substitute })).toContain('its message does not fit event 12290');
  });

  it('ends at once, whatever it is given', () => {
    const guids = Array.from({ length: 100_000 }, () => CLIENT);
    expect(kindOf({ data: guids })).toBe('rejected');
    expect(kindOf({ data: [guids.join(',')] })).toBe('rejected');
    expect(kindOf({ data: [], message: ','.repeat(1_000_000) })).toBe('rejected');
  });
});

describe('the other events', () => {
  const application = { channel: 'APPLICATION' };

  test.each<[number, readonly string[], object]>([
    [12291, ['0x80070005'], { kind: 'service_failure', failure: 'init', hresult: 0x80070005 }],
    [12292, ['0x1'], { kind: 'service_failure', failure: 'timer', hresult: 1 }],
    [
      12293,
      ['0x80072338', 'Corp.Example.com.'],
      { kind: 'dns_publish', result: 'failure', domain: 'corp.example.com', hresult: 0x80072338 },
    ],
    [12294, ['corp.example.com'], { kind: 'dns_publish', result: 'success', domain: 'corp.example.com', hresult: 0 }],
  ])('%i', (eventId, data, body) => {
    expect(bodyOf({ ...application, eventId, data })).toEqual(body);
  });

  test.each([
    [12291, []],
    [12293, ['0x80072338']],
    [12293, ['corp.example.com']],
    [12294, ['not a domain']],
  ])('%i with %j is refused', (eventId, data) => {
    expect(kindOf({ ...application, eventId, data })).toBe('rejected');
  });
});

test.each<[string, Partial<EventFields>, string]>([
  ['an id that is not read', { eventId: 12295 }, 'ignored'],
  ['no id', { eventId: undefined }, 'rejected'],
  ['12290 in another log', { channel: 'Application' }, 'ignored'],
  ['12292 in the log of requests', { eventId: 12292 }, 'ignored'],
  ["the shadow copy service's 12292", { eventId: 12292, channel: 'Application', provider: 'VSS' }, 'ignored'],
  ['no log', { channel: '' }, 'rejected'],
  ['no provider', { provider: undefined }, 'taken'],
  ['the provider of Server 2008', { provider: 'Microsoft-Windows-Security-Licensing-SLC' }, 'taken'],
  ['an id and a record id as text', { eventId: '12290', recordId: '7' }, 'taken'],
  ['no record id', { recordId: null }, 'rejected'],
  ['a record id below 0', { recordId: -1 }, 'rejected'],
  ['a record id that is not exact', { recordId: '9007199254740993' }, 'rejected'],
  ['no computer', { host: '' }, 'rejected'],
  ['a computer that breaks a label', { host: 'kms"01' }, 'rejected'],
])('%s is %s', (_, changes, kind) => {
  expect(kindOf(changes)).toBe(kind);
});

it.each([-1, 7.5, '9007199254740993'])('says of the record id %j in which range it has to be', (recordId) => {
  expect(bodyOf({ recordId })).toBe(`its record id "${recordId}" is not a whole number from 0 to 9007199254740991`);
});

describe('times', () => {
  const seconds = Date.UTC(2026, 4, 4, 10, 11, 12) / 1000;

  test.each([
    '2026-05-04T10:11:12Z',
    '2026-05-04T10:11:12.9999999Z',
    '2026-05-04T12:11:12.123+02:00',
    '2026-05-04 05:11:12.1 -0500',
    '2026-05-04 10:11:12 UTC',
    `/Date(${seconds * 1000 + 999})/`,
    `/Date(${seconds * 1000}+0200)/`,
  ])('%s', (text) => {
    expect(parseEventTime(text)).toEqual({ ok: true, value: seconds });
  });

  test.each(['', '2026-05-04 10:11:12', '2026-02-30T10:11:12Z', '2026-05-04T24:00:00Z', '1969-12-31T23:59:59Z', 5])(
    'refuses %j',
    (value) => {
      expect(parseEventTime(value).ok).toBe(false);
    },
  );

  test.each([
    ['2010/9/29 21:46', Date.UTC(2010, 8, 29, 21, 46) / 1000],
    ['2012/12/04 07:06', Date.UTC(2012, 11, 4, 7, 6) / 1000],
    ['1/14/2006 2:30', Date.UTC(2006, 0, 14, 2, 30) / 1000],
    ['2024/2/29 0:00', Date.UTC(2024, 1, 29) / 1000],
    ['2023/2/29 0:00', undefined],
    ['14/1/2006 2:30', undefined],
    ['Date/Time', undefined],
  ])('of a client: %s', (text, expected) => {
    expect(parseClientTime(text)).toBe(expected);
  });
});

describe('machine names', () => {
  test.each([
    ['WKS01.Corp.Example.COM.', 'wks01.corp.example.com'],
    ['PC_7-A', 'pc_7-a'],
    ['BÜRO-PC', 'büro-pc'],
  ])('%s is %s', (text, name) => {
    expect(parseMachineName(text)).toEqual({ ok: true, value: name });
  });

  test.each(['', '.', 'a b', 'a"b', 'a\nb', 'a\\b', '<KMS Client name>', 'a\u202eb', 'a'.repeat(254), 'a{b}', '../a'])(
    'refuses %j',
    (text) => {
      expect(parseMachineName(text).ok).toBe(false);
    },
  );

  it('gives nothing that could break a label, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const name = parseMachineName(text);
        if (name.ok) expect(name.value).toMatch(/^[\p{L}\p{M}\p{N}._-]+$/u);
      }),
    );
  });
});

it('never throws, and says a reason that is safe to print', () => {
  const anything = fc.anything();
  const any = fc.record({
    eventId: fc.oneof(fc.constantFrom(12290, 12291, 12293, 12294), anything),
    provider: fc.oneof(fc.constant(undefined), anything),
    channel: fc.oneof(fc.constantFrom('Application', 'Key Management Service'), anything),
    host: fc.oneof(fc.constant('kms01'), anything),
    recordId: fc.oneof(fc.constant(1), anything),
    time: fc.oneof(fc.constant('2026-05-04T10:11:12Z'), anything),
    data: fc.array(anything),
    message: anything,
  });
  fc.assert(
    fc.property(any, (record) => {
      const reading = readEvent(record);
      if (!reading.ok) expect(reading.error.reason).toMatch(/^[\x20-\x7e]{5,400}$/);
    }),
  );
});
