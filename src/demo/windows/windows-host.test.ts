import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ALL_OF_CIMV2,
  askWsman,
  contextOf,
  enumerateAll,
  enumerateBody,
  faultOf,
  IDENTIFY,
  isEnd,
  itemsOf,
  postWsman,
  pullBody,
  wsmanEnvelope,
} from '../../../test/support/wsman.ts';
import { encodeBind, KMS_INTERFACE, NDR } from '../../probe/pdu.ts';
import { OMI_BEHAVIOUR } from './behaviour.ts';
import { FAULT_SHAPES } from './fault-body.ts';
import { NS } from './namespaces.ts';
import { SPELLINGS } from './spelling.ts';
import { startWindowsHost, type WindowsHost } from './windows-host.ts';
import { child, childText } from './xml-reader.ts';

const PRODUCT = { ID: 'c052f164-cdf6-409a-a0cb-853ba0f0f55a', PartialProductKey: 'DEMO1', LicenseStatus: 1 };
const REPORT = { service: { Version: '10.0.20348.1' }, products: [PRODUCT], os: 'Windows Server' };

let host: WindowsHost;

beforeEach(async () => {
  host = await startWindowsHost({ name: 'kms01.corp.example', report: () => REPORT, keyless: 300 });
});
afterEach(() => host.close());

describe('a host', () => {
  test('says what it is', async () => {
    const answer = await postWsman(host.url, IDENTIFY);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/soap+xml;charset=UTF-8');
    expect(childText(answer.body, 'ProductVersion')).toBe('OS: 10.0.20348 SP: 0.0 Stack: 3.0');
  });

  test('relates its answer to the request', async () => {
    const answer = await askWsman(host.url, {
      action: 'Enumerate',
      body: enumerateBody('SELECT * FROM X'),
      messageId: 'uuid:A',
    });

    expect(childText(answer.header, 'RelatesTo', NS.addressing)).toBe('uuid:A');
  });

  test.each([
    'http://schemas.xmlsoap.org/ws/2004/09/transfer/Create',
    'http://schemas.xmlsoap.org/ws/2004/09/transfer/Put',
    'http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete',
    'http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Command',
    'http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/SoftwareLicensingProduct/Activate',
  ])('refuses %s', async (action) => {
    const answer = await askWsman(host.url, { action, body: '<x/>' });

    expect(answer.status).toBe(500);
    expect(faultOf(answer)).toEqual({ subcode: 'AccessDenied', code: '5' });
  });

  test.each(FAULT_SHAPES)('words a fault as %s', async (shape) => {
    host.behaviour.faults = shape;

    const answer = await askWsman(host.url, { action: 'Enumerate', body: enumerateBody('SELECT * FROM Nothing') });

    expect(faultOf(answer)).toEqual({ subcode: 'CannotProcessFilter', code: shape === 'bare' ? '' : '2150858778' });
  });

  test('takes no more than Windows takes', async () => {
    expect((await postWsman(host.url, 'x'.repeat(500 * 1024 + 1))).status).toBe(413);
    expect((await postWsman(host.url, 'x'.repeat(500 * 1024))).status).toBe(500);
  });

  test.each([
    [{ operationTimeout: 'soon' }, 'InvalidMessageInformationHeader'],
    [{ operationTimeout: 'PT0.499S' }, 'UnsupportedFeature'],
    [{ maxEnvelopeSize: 8191 }, 'EncodingLimit'],
    [{ messageId: '' }, 'MessageInformationHeaderRequired'],
    [{ resource: 'http://example.com/other' }, 'DestinationUnreachable'],
  ])('refuses a header such as %o', async (message, subcode) => {
    const answer = await askWsman(host.url, {
      action: 'Enumerate',
      body: enumerateBody('SELECT * FROM Win32_OperatingSystem'),
      ...message,
    });

    expect(faultOf(answer).subcode).toBe(subcode);
  });

  test('refuses a locale that must be understood', async () => {
    const envelope = wsmanEnvelope({ action: 'Enumerate', body: enumerateBody('SELECT * FROM Win32_OperatingSystem') });

    const answer = await postWsman(host.url, envelope.replace('s:mustUnderstand="false"', 's:mustUnderstand="true"'));

    expect(faultOf(answer)).toEqual({ subcode: 'UnsupportedFeature', code: '2150858887' });
  });

  test('does not answer a bind, let alone a request for activation', async () => {
    const socket = connect(host.port, host.address);
    socket.write(encodeBind(KMS_INTERFACE, NDR));
    const answer = await readText(socket);

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('answers at /wsman, to POST', async () => {
    expect((await fetch(host.url)).status).toBe(405);
    expect((await fetch(new URL('/', host.url), { method: 'POST', body: '' })).status).toBe(404);
  });
});

describe('an enumeration', () => {
  const KEYLESS = 'SELECT * FROM SoftwareLicensingProduct WHERE PartialProductKey IS NULL';

  test.each(SPELLINGS)('has one item first and full pages then, spelt as %s', async (spelling) => {
    host.behaviour.spelling = spelling;

    const pages = await enumerateAll(host.url, KEYLESS, { maxEnvelopeSize: 153_600 });

    expect(pages.map((page) => page.length)[0]).toBe(1);
    expect(pages.flat()).toHaveLength(300);
    expect(pages.length).toBeGreaterThan(5);
  });

  test('counts the size of an answer in octets of UTF-16', async () => {
    const first = await askWsman(host.url, {
      action: 'Enumerate',
      body: enumerateBody(KEYLESS),
      maxEnvelopeSize: 153_600,
    });
    const second = await askWsman(host.url, {
      action: 'Pull',
      body: pullBody(contextOf(first)),
      maxEnvelopeSize: 153_600,
    });

    expect(second.text.length * 2).toBeLessThanOrEqual(153_600);
    expect(second.text.length * 2).toBeGreaterThan(140_000);
  });

  test('of columns is in fragments without names of classes, in alphabetical order', async () => {
    const [[item] = []] = await enumerateAll(
      host.url,
      'SELECT PartialProductKey, ID, Description FROM SoftwareLicensingProduct WHERE PartialProductKey <> NULL OR LicenseStatus = 1',
    );

    expect(item).toMatchObject({ name: 'XmlFragment', ns: NS.wsman });
    expect(item?.children.map(({ ns, name }) => [ns, name])).toEqual([
      ['', 'Description'],
      ['', 'ID'],
      ['', 'PartialProductKey'],
    ]);
    expect(child(item, 'Description')?.attributes.get('nil')).toBe('true');
  });

  test('of a whole class has its own namespace', async () => {
    const [[item] = []] = await enumerateAll(host.url, 'select * from win32_operatingsystem');

    expect(item).toMatchObject({
      name: 'Win32_OperatingSystem',
      ns: ALL_OF_CIMV2.replace('*', 'Win32_OperatingSystem'),
    });
    expect(child(child(item, 'InstallDate'), 'Datetime', NS.cim)?.text).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(child(item, 'Description')?.text).toBe('');
  });

  test('ends as on Windows', async () => {
    const answer = await askWsman(host.url, {
      action: 'Enumerate',
      body: enumerateBody('SELECT * FROM SoftwareLicensingService'),
    });

    expect(isEnd(answer)).toBe(true);
    expect(child(answer.body, 'Items', NS.wsman)).toBeDefined();
    expect(child(answer.body, 'EnumerationContext')?.text).toBe('');
  });

  test('ends as on OMI, with a context that leads nowhere', async () => {
    Object.assign(host.behaviour, OMI_BEHAVIOUR);
    const answer = await askWsman(host.url, {
      action: 'Enumerate',
      body: enumerateBody('SELECT Primary, InstallDate FROM Win32_OperatingSystem'),
    });
    const pulled = await askWsman(host.url, { action: 'Pull', body: pullBody(contextOf(answer)) });

    expect(isEnd(answer)).toBe(true);
    expect(itemsOf(answer)[0]?.children.map(({ text }) => text)).toEqual([expect.stringMatching(/\+00:00$/), 'TRUE']);
    expect(faultOf(pulled)).toEqual({ subcode: 'InvalidEnumerationContext', code: '' });
  });

  test('has items in the other namespace, and everything the other way round, when told so', async () => {
    Object.assign(host.behaviour, { items: 'crossed', isReversed: true });
    const answer = await askWsman(host.url, {
      action: 'Enumerate',
      body: enumerateBody('SELECT * FROM SoftwareLicensingService'),
    });

    expect(answer.body?.children.map(({ ns, name }) => [ns, name])).toEqual([
      [NS.enumeration, 'EndOfSequence'],
      [NS.enumeration, 'Items'],
      [NS.enumeration, 'EnumerationContext'],
    ]);
  });

  test('takes a context once, forgets it when released, and when told so', async () => {
    const begin = async (): Promise<string> =>
      contextOf(await askWsman(host.url, { action: 'Enumerate', body: enumerateBody(KEYLESS) }));
    const pull = (context: string) => askWsman(host.url, { action: 'Pull', body: pullBody(context, 1) });
    const [used, released, lost] = [await begin(), await begin(), await begin()];

    expect((await pull(used)).status).toBe(200);
    expect(faultOf(await pull(used)).subcode).toBe('InvalidEnumerationContext');
    const release = {
      action: 'Release',
      body: `<n:Release><n:EnumerationContext>${released}</n:EnumerationContext></n:Release>`,
    };
    expect((await askWsman(host.url, release)).status).toBe(200);
    expect((await askWsman(host.url, release)).status).toBe(500);
    host.forgetContexts();
    expect(faultOf(await pull(lost)).subcode).toBe('InvalidEnumerationContext');
  });

  test('that is idle for too long is forgotten, and too many are refused', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
    const small = await startWindowsHost({
      name: 'a',
      report: () => REPORT,
      keyless: 9,
      quota: 1,
      enumerationTimeout: 30,
    });
    const begin = () => askWsman(small.url, { action: 'Enumerate', body: enumerateBody(KEYLESS) });
    try {
      const first = await begin();
      expect(faultOf(await begin())).toEqual({ subcode: 'QuotaLimit', code: '2150859174' });
      now.mockReturnValue(1031);
      expect((await askWsman(small.url, { action: 'Pull', body: pullBody(contextOf(first)) })).status).toBe(500);
      expect((await begin()).status).toBe(200);
    } finally {
      now.mockRestore();
      await small.close();
    }
  });

  test('whose item is larger than the envelope is refused', async () => {
    const answer = await askWsman(host.url, {
      action: 'Enumerate',
      body: enumerateBody('SELECT * FROM SoftwareLicensingProduct'),
      maxEnvelopeSize: 8192,
    });

    expect(faultOf(answer)).toEqual({ subcode: 'EncodingLimit', code: '2150858824' });
  });
});
