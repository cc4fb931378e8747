import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_S, HOUR_S, millis, seconds } from '../kernel/time.ts';
import { parseReport } from './parse-report.ts';
import type { HostReport } from './types.ts';

const WINDOWS = '55c92734-d682-4d71-983e-d6ec3f16059f';
const OFFICE = '0ff1ce15-a989-479d-af46-f275c6370663';
const KEY_2019 = '70512334-47b4-44db-a233-be5ea33b914c';
const KEY_NEW = '11111111-2222-3333-4444-555555555555';

const SERVICE = {
  Version: '10.0.20348.1',
  KeyManagementServiceListeningPort: 0,
  KeyManagementServiceDnsPublishing: true,
  KeyManagementServiceLowPriority: false,
  VLActivationInterval: 120,
  VLRenewalInterval: 10_080,
};

const KEY = {
  ID: KEY_NEW.toUpperCase(),
  ApplicationID: WINDOWS,
  Name: 'Windows(R), ServerStandard edition',
  Description: 'Windows(R) Operating System, VOLUME_KMS_WS25 channel',
  PartialProductKey: 'ABCDE',
  LicenseStatus: 1,
  IsKeyManagementServiceMachine: 1,
  KeyManagementServiceCurrentCount: 50,
  RequiredClientCount: 25,
  KeyManagementServiceTotalRequests: 1000,
  KeyManagementServiceFailedRequests: 7,
  KeyManagementServiceUnlicensedRequests: 10,
  KeyManagementServiceLicensedRequests: 900,
  KeyManagementServiceOOBGraceRequests: 80,
  KeyManagementServiceOOTGraceRequests: 1,
  KeyManagementServiceNonGenuineGraceRequests: 0,
  KeyManagementServiceNotificationRequests: 2,
};

const REPORT = {
  time: '2026-05-04T10:11:12Z',
  service: SERVICE,
  products: [KEY],
  os: 'Microsoft Windows Server 2025 Standard',
};

const WHOLE: HostReport = {
  time: millis(Date.UTC(2026, 4, 4, 10, 11, 12)),
  os: 'Microsoft Windows Server 2025 Standard',
  version: '10.0.20348.1',
  listeningPort: 1688,
  dnsPublishing: true,
  lowPriority: false,
  activationInterval: seconds(2 * HOUR_S),
  renewalInterval: seconds(7 * DAY_S),
  keys: [
    {
      activationId: KEY_NEW,
      product: 'Windows KMS host key [VOLUME_KMS_WS25]',
      pool: 'windows',
      partialKey: 'ABCDE',
      licenseStatus: 'licensed',
      clients: 50,
      requiredClients: 25,
      requests: 1000,
      failedRequests: 7,
      requestsByLicenseStatus: {
        unlicensed: 10,
        licensed: 900,
        oob_grace: 80,
        oot_grace: 1,
        non_genuine_grace: 0,
        notification: 2,
      },
    },
  ],
};

function octets(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value) ?? 'null');
}

function read(value: unknown): HostReport {
  const report = parseReport(octets(value));
  if (!report.ok) throw new Error(report.error);
  return report.value;
}

function reason(value: unknown): string {
  const report = parseReport(octets(value));
  return report.ok ? 'it was read' : report.error;
}

/** A report of one key with other properties. */
function withKey(changes: Readonly<Record<string, unknown>>): unknown {
  return { ...REPORT, products: [{ ...KEY, ...changes }] };
}

/** Every name of a property in another casing, every value as a text, as WS-Management has them. */
function asTexts(value: unknown, casing: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => asTexts(item, casing));
  if (typeof value !== 'object' || value === null) return value === null ? null : String(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [casing(name), asTexts(item, casing)]));
}

describe('a report', () => {
  it('is read whole', () => {
    expect(read(REPORT)).toEqual(WHOLE);
  });

  it('is the same in other casings, and with texts for numbers', () => {
    expect(read(asTexts(REPORT, (name) => name.toLowerCase()))).toEqual(WHOLE);
    expect(read(asTexts(REPORT, (name) => name.toUpperCase()))).toEqual(WHOLE);
    expect(read({ ...REPORT, service: { ...SERVICE, KeyManagementServiceDnsPublishing: 'TRUE' } })).toEqual(WHOLE);
  });

  it('is read in UTF-8 and UTF-16, with a byte-order mark', () => {
    const text = JSON.stringify({ ...REPORT, os: 'Microsoft Windows Server 2025 Стандарт' });
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    for (const body of [Buffer.from(text), Buffer.from(`\ufeff${text}`), little, Buffer.from(little).swap16()]) {
      expect(parseReport(body)).toMatchObject({ ok: true, value: { os: 'Microsoft Windows Server 2025 Стандарт' } });
    }
  });

  it('may have a list of one written as its item, as PowerShell does, and none as null', () => {
    expect(read({ ...REPORT, products: KEY, service: [SERVICE] })).toEqual(WHOLE);
    expect(read({ ...REPORT, products: null }).keys).toEqual([]);
    expect(read({ ...REPORT, products: [] }).keys).toEqual([]);
  });

  it.each([
    ['2026-05-04T12:11:12.1234567+02:00', Date.UTC(2026, 4, 4, 10, 11, 12, 123)],
    ['/Date(1777889472000)/', 1_777_889_472_000],
    [{ value: '/Date(1777889472000)/', DisplayHint: 2, DateTime: 'Monday' }, 1_777_889_472_000],
    ['20260504121112.000000+120', Date.UTC(2026, 4, 4, 10, 11, 12)],
  ])('may have its time as %j', (time, expected) => {
    expect(read({ ...REPORT, time }).time).toBe(expected);
  });
});

describe('which logs were read', () => {
  const KMS = { channel: 'Key Management Service', record_id: 4712 };

  it('is read with the number of the last record, 0 for a log without any', () => {
    const logs = [KMS, { Channel: 'Application', Record_Id: '0' }];
    expect(read({ ...REPORT, logs }).logs).toEqual([
      { channel: 'Key Management Service', recordId: 4712 },
      { channel: 'Application', recordId: 0 },
    ]);
    expect(read({ ...REPORT, logs: KMS }).logs).toEqual([{ channel: KMS.channel, recordId: 4712 }]);
  });

  it('may be missing', () => {
    expect(read(REPORT).logs).toBeUndefined();
    expect(read({ ...REPORT, logs: null }).logs).toBeUndefined();
    expect(read({ ...REPORT, logs: [] }).logs).toEqual([]);
  });

  it.each([
    [['Application'], 'logs[0] is incomplete: expected {"channel", "record_id"}'],
    [[KMS, { channel: 'Application' }], 'logs[1] is incomplete'],
    [[{ ...KMS, record_id: -5 }], "logs[0].record_id is '-5': expected a whole number"],
    ['all of them', 'logs[0] is incomplete'],
    [Array(17).fill(KMS), 'logs has 17 entries: expected at most 16'],
  ])('is read whole or not at all: %#', (logs, expected) => {
    expect(reason({ ...REPORT, logs })).toContain(expected);
  });
});

describe('what means no value', () => {
  it.each([-1, 4_294_967_295, '-1', '4294967295', null, ''])('%j is none', (none) => {
    const { keys } = read(
      withKey({
        KeyManagementServiceCurrentCount: none,
        KeyManagementServiceTotalRequests: none,
        KeyManagementServiceLicensedRequests: none,
        LicenseStatus: none,
      }),
    );
    expect(keys[0]).toMatchObject({ clients: undefined, requests: undefined, licenseStatus: undefined });
    expect(keys[0]?.requestsByLicenseStatus).not.toHaveProperty('licensed');
    expect(keys[0]?.requestsByLicenseStatus.unlicensed).toBe(10);
    const port = { ...SERVICE, KeyManagementServiceListeningPort: none };
    expect(read({ ...REPORT, service: port }).listeningPort).toBeUndefined();
  });

  it('0 is a count, and no threshold and no interval', () => {
    const { keys } = read(withKey({ KeyManagementServiceCurrentCount: 0, RequiredClientCount: 0 }));
    expect(keys[0]).toMatchObject({ clients: 0, requiredClients: undefined });
    const service = { ...SERVICE, VLActivationInterval: 0, KeyManagementServiceListeningPort: 1700 };
    expect(read({ ...REPORT, service })).toMatchObject({ activationInterval: undefined, listeningPort: 1700 });
  });

  it('a state that nobody knows yet is none', () => {
    expect(read(withKey({ LicenseStatus: 7 })).keys[0]?.licenseStatus).toBeUndefined();
    expect(read(withKey({ LicenseStatus: 6 })).keys[0]?.licenseStatus).toBe('extended_grace');
  });
});

describe('host keys', () => {
  it.each([
    ['the client key of the host itself', { Description: 'Windows(R) Operating System, VOLUME_KMSCLIENT channel' }],
    ['a retail key', { Description: 'Windows(R) Operating System, RETAIL channel', IsKeyManagementServiceMachine: 0 }],
    ['one that is not installed', { PartialProductKey: null }],
    ['one that is not installed, empty', { PartialProductKey: '' }],
  ])('leave out %s', (_, changes) => {
    expect(read(withKey(changes)).keys).toEqual([]);
  });

  it.each([
    ['that is not activated', { IsKeyManagementServiceMachine: 0, LicenseStatus: 5 }],
    ['without a description, on a host that serves', { Description: null }],
    [
      'without a description, that the tables know',
      { Description: null, ID: KEY_2019, IsKeyManagementServiceMachine: 0 },
    ],
    ['of a collector that leaves the partial key out', { PartialProductKey: undefined }],
  ])('are found: one %s', (_, changes) => {
    expect(read(withKey(changes)).keys).toHaveLength(1);
  });

  it('have the name and the pool of the tables, else of what the host says', () => {
    expect(read(withKey({ ID: KEY_2019, ApplicationID: '' })).keys[0]).toMatchObject({
      product: 'Office 2019 KMS host key',
      pool: 'office',
    });
    const office = { ApplicationID: OFFICE, Description: 'Office 27, VOLUME_KMS channel' };
    expect(read(withKey(office)).keys[0]).toMatchObject({
      product: 'Office KMS host key [VOLUME_KMS]',
      pool: 'office',
    });
    const two = { Description: 'Windows Operating System - X, VOLUME_KMS_2012-R2_WIN10 channel' };
    expect(read(withKey(two)).keys[0]?.product).toBe('Windows KMS host key [VOLUME_KMS_2012-R2_WIN10]');
    const nothing = { ApplicationID: 'x', Description: null };
    expect(read(withKey(nothing)).keys[0]).toMatchObject({ product: KEY_NEW, pool: undefined });
    const configured = new Map([[KEY_NEW, { name: 'Windows Next', class: 'server' as const }]]);
    expect(parseReport(octets(REPORT), configured)).toMatchObject({
      ok: true,
      value: { keys: [{ product: 'Windows Next', pool: 'windows' }] },
    });
  });

  it('are there once, and not in any number', () => {
    expect(read({ ...REPORT, products: [KEY, KEY] }).keys).toHaveLength(1);
    const many = Array.from({ length: 65 }, (_, index) => ({
      ...KEY,
      ID: `${KEY_NEW.slice(0, -3)}${String(index).padStart(3, '0')}`,
    }));
    expect(reason({ ...REPORT, products: many })).toContain('expected at most 64');
  });

  it('have a name of harmless characters, whatever the host says', () => {
    const evil = { Description: 'VOLUME_KMS_"}\n# HELP VOLUME_KMS', Name: '"\n' };
    expect(read(withKey(evil)).keys[0]?.product).toBe('Windows KMS host key [VOLUME_KMS_]');
    expect(read({ ...REPORT, os: 'a"}\n\u0000<b>\ud800 c' }).os).toBe('a b c');
  });
});

describe('what cannot be read is reported', () => {
  it.each([
    [[], 'the report is not a JSON object'],
    [{ ...REPORT, time: undefined }, 'time is missing'],
    [{ ...REPORT, time: 'today' }, 'time cannot be read'],
    [{ ...REPORT, time: '2026-05-04T10:11:12' }, 'with its offset'],
    [{ ...REPORT, time: '1601-01-01T00:00:00Z' }, 'the clock of the host was never set'],
    [{ ...REPORT, products: undefined }, 'products is missing'],
    [{ ...REPORT, products: 'none' }, 'products is missing'],
    [{ ...REPORT, products: ['@{ID=1}'] }, 'ConvertTo-Json -Depth'],
    [{ ...REPORT, service: null }, 'service is missing'],
    [withKey({ ID: 'x' }), 'products[0].ID is not an activation id'],
    [
      withKey({ KeyManagementServiceCurrentCount: 'many' }),
      "products[0].KeyManagementServiceCurrentCount is 'many': expected a whole number",
    ],
    [withKey({ KeyManagementServiceTotalRequests: -2 }), "is '-2': expected a whole number"],
    [withKey({ KeyManagementServiceTotalRequests: {} }), 'is an object or a list'],
    [{ ...REPORT, service: { ...SERVICE, KeyManagementServiceDnsPublishing: 'maybe' } }, 'expected true or false'],
    [{ ...REPORT, service: { ...SERVICE, KeyManagementServiceListeningPort: 70_000 } }, 'expected a port'],
    [{ ...REPORT, os: 'x'.repeat(2000) }, 'at most 1000 characters'],
  ])('%#', (value, expected) => {
    expect(reason(value)).toContain(expected);
  });

  it('when it is no JSON, or nothing, or too much', () => {
    const of = (text: string | Uint8Array) => parseReport(Buffer.from(text));
    expect(of('{"time":')).toEqual({ ok: false, error: 'the report is not JSON' });
    expect(of('\ufeff ')).toEqual({ ok: false, error: 'the report is empty' });
    expect(of(new Uint8Array(4 * 1024 * 1024 + 1))).toMatchObject({ ok: false });
  });
});

const HARMLESS = /^[\p{L}\p{N} ._,()+/[\]-]+$/u;

describe('whatever comes', () => {
  const names = [
    ...Object.keys(KEY),
    ...Object.keys(SERVICE),
    'time',
    'os',
    'service',
    'products',
    'value',
    '__proto__',
  ];
  const anything = fc.anything({ key: fc.constantFrom(...names), maxDepth: 4 });

  it('gives a report or a reason that can be printed, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string().map(octets), anything.map(octets)), (body) => {
        const report = parseReport(body);
        if (!report.ok) expect(report.error).toMatch(/^[\x20-\x7e]{1,1000}$/);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps labels harmless and numbers within their range', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.double(), fc.constant(null), fc.boolean());
    const changes = fc.dictionary(fc.constantFrom(...Object.keys(KEY)), value);
    fc.assert(
      fc.property(
        changes,
        fc.dictionary(fc.constantFrom(...Object.keys(SERVICE)), value),
        fc.string(),
        (key, service, os) => {
          const report = parseReport(
            octets({ ...REPORT, os, service: { ...SERVICE, ...service }, products: [{ ...KEY, ...key }] }),
          );
          if (!report.ok) return;
          const { keys, version } = report.value;
          const texts = [report.value.os, version, ...keys.map(({ product }) => product)];
          expect(texts.filter((text) => text !== undefined && !HARMLESS.test(text))).toEqual([]);
          const numbers = keys.flatMap(({ clients, requests }) => [clients ?? 0, requests ?? 0]);
          expect(numbers.filter((number) => !Number.isSafeInteger(number) || number < 0)).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });
});
