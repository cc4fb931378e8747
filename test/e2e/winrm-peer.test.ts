import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SPELLINGS } from '../../src/demo/windows/spelling.ts';
import { startWindowsHost, type WindowsHost } from '../../src/demo/windows/windows-host.ts';
import { peerPath } from '../peers/find-peer.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { askPywinrm, elementsNamed, type PythonElement, type PywinrmConnection } from '../peers/pywinrm.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { makeCertificates } from '../support/certificates.ts';
import { ALL_OF_CIMV2, EARLIEST, EVENT_LOG, IDENTIFY } from '../support/wsman.ts';

const run = promisify(execFile);

const ENUMERATION = 'http://schemas.xmlsoap.org/ws/2004/09/enumeration';
const LOGIN = { username: 'mon', password: 'a secret' };
const KMS = 'Key Management Service';
const WQL = {
  'n:Enumerate': {
    'w:OptimizeEnumeration': null,
    'w:MaxElements': '32000',
    'w:Filter': {
      '@Dialect': 'http://schemas.microsoft.com/wbem/wsman/1/WQL',
      '#text': "SELECT Name, ID FROM SoftwareLicensingProduct WHERE PartialProductKey <> '' OR LicenseStatus = 0",
    },
  },
};
const SUBSCRIBE = {
  'e:Subscribe': {
    '@xmlns:e': 'http://schemas.xmlsoap.org/ws/2004/08/eventing',
    'e:Delivery': { '@Mode': 'http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull' },
    'w:Filter': {
      '@Dialect': 'http://schemas.microsoft.com/win/2004/08/events/eventquery',
      '#text': `<QueryList><Query Id="0"><Select Path="${KMS}">*[System[(EventID=12290)]]</Select></Query></QueryList>`,
    },
    'w:Bookmark': EARLIEST,
    'w:SendBookmarks': null,
  },
};

/** Programs of others against the simulated host, so that it does not agree with its own author alone. */
describeWithPeers('a foreign client', ['winrm', 'openssl', 'curl'], () => {
  let folder: TemporaryFolder;
  let host: WindowsHost | undefined;
  const pem = (name: string): Promise<string> => readFile(join(folder.path, name), 'utf8');

  beforeAll(async () => {
    folder = await temporaryFolder();
    await makeCertificates(folder);
  });
  afterAll(() => folder.remove());
  afterEach(() => host?.close());

  async function startHttp(): Promise<{ host: WindowsHost; connection: PywinrmConnection }> {
    const product = {
      ID: 'c052f164-cdf6-409a-a0cb-853ba0f0f55a',
      Name: 'Windows & <more>',
      PartialProductKey: 'DEMO1',
    };
    host = await startWindowsHost({
      name: 'kms01.corp.example',
      authentication: { basic: LOGIN, negotiate: true },
      report: () => ({ service: {}, products: [product], os: 'Windows' }),
      keyless: 2,
    });
    return { host, connection: { endpoint: host.url, transport: 'plaintext', ...LOGIN } };
  }

  async function enumerate({ connection }: { connection: PywinrmConnection }): Promise<PythonElement[]> {
    const [first] = await askPywinrm(connection, [
      { action: `${ENUMERATION}/Enumerate`, resource: ALL_OF_CIMV2, body: WQL },
    ]);
    const context = elementsNamed(treeOf(first), 'EnumerationContext')[0]?.text;
    const body = { 'n:Pull': { 'n:EnumerationContext': context, 'n:MaxElements': '100' } };
    const [second] = await askPywinrm(connection, [{ action: `${ENUMERATION}/Pull`, resource: ALL_OF_CIMV2, body }]);
    return [treeOf(first), treeOf(second)];
  }

  test.each(SPELLINGS)('enumerates by pages, spelt as %s', async (spelling) => {
    const started = await startHttp();
    started.host.behaviour.spelling = spelling;

    const pages = await enumerate(started);

    expect(pages.map((page) => elementsNamed(page, 'XmlFragment').length)).toEqual([1, 2]);
    expect(elementsNamed(pages[1] ?? pages[0] ?? FAIL, 'EndOfSequence')[0]?.tag).toBe(`{${ENUMERATION}}EndOfSequence`);
    expect(pages.flatMap((page) => elementsNamed(page, 'Name')).at(-1)).toMatchObject({
      tag: 'Name',
      text: 'Windows & <more>',
    });
  });

  test('subscribes and gets the records', async () => {
    const started = await startHttp();
    started.host.log(KMS).append([{ time: Date.UTC(2026, 4, 4), eventId: 12290, data: ['x,y', 'x', 'y', "it's"] }]);
    const [subscribed] = await askPywinrm(started.connection, [
      { action: 'http://schemas.xmlsoap.org/ws/2004/08/eventing/Subscribe', resource: EVENT_LOG, body: SUBSCRIBE },
    ]);
    const context = elementsNamed(treeOf(subscribed), 'EnumerationContext')[0]?.text;
    const body = { 'n:Pull': { 'n:EnumerationContext': context } };

    const [pulled] = await askPywinrm(started.connection, [
      { action: `${ENUMERATION}/Pull`, resource: EVENT_LOG, body },
    ]);

    const namespace = 'http://schemas.microsoft.com/win/2004/08/events/event';
    expect(elementsNamed(treeOf(pulled), 'Data').map(({ text }) => text)).toEqual(['x,y', 'x', 'y', "it's"]);
    expect(elementsNamed(treeOf(pulled), 'EventRecordID')).toMatchObject([
      { tag: `{${namespace}}EventRecordID`, text: '1' },
    ]);
    expect(elementsNamed(treeOf(pulled), 'Bookmark').at(-1)?.attributes).toMatchObject({ Channel: KMS, RecordId: '1' });
  });

  test('is refused a shell, and understands why', async () => {
    const { connection } = await startHttp();

    const [refused] = await askPywinrm(connection, [{ shell: true }]);

    expect(refused).toMatchObject({ error: 'WinRMError', message: expect.stringContaining('Access is denied.') });
    for (const part of ["'wsmanfault_code': '5'", "'fault_code': 's:Sender'", "'fault_subcode': 'w:AccessDenied'"])
      expect(JSON.stringify(refused)).toContain(part);
  });

  test('understands that an operation timed out, and that its password is wrong', async () => {
    const started = await startHttp();
    started.host.disturb = ({ action }) => (action === 'Enumerate' ? { kind: 'fault', fault: 'timed out' } : undefined);
    const step = { action: `${ENUMERATION}/Enumerate`, resource: ALL_OF_CIMV2, body: WQL };

    const [late] = await askPywinrm(started.connection, [step]);
    const stranger = askPywinrm({ ...started.connection, password: 'other' }, [step]);

    expect(late).toMatchObject({ error: 'WinRMOperationTimeoutError' });
    await expect(stranger).resolves.toMatchObject([{ error: 'InvalidCredentialsError' }]);
  });

  test.each(['ssl', 'certificate'] as const)('identifies over HTTPS by %s', async (transport) => {
    const ca = await pem('ca.pem');
    const tls = { cert: await pem('server.pem'), key: await pem('server.key') };
    host = await startWindowsHost({ name: 'kms01', tls, authentication: { basic: LOGIN, certificate: { ca } } });
    const path = (name: string): string => join(folder.path, name);
    const own = transport === 'ssl' ? LOGIN : { cert_pem: path('client.pem'), cert_key_pem: path('client.key') };
    const connection = { endpoint: host.url, transport, ca_trust_path: path('ca.pem'), ...own };

    const [identified] = await askPywinrm(connection, [{ envelope: IDENTIFY }]);

    expect(elementsNamed(treeOf(identified), 'ProductVersion')[0]?.text).toBe('OS: 10.0.20348 SP: 0.0 Stack: 3.0');
  });

  test('curl hears what it may log in with, and then gets in', async () => {
    const { connection } = await startHttp();
    const curl = async (...args: string[]): Promise<string> => {
      const fixed = ['-s', '-i', '-m', '10', '--data-binary', IDENTIFY, '-H', 'content-type: application/soap+xml'];
      return (await run(peerPath('curl'), [...fixed, ...args, connection.endpoint])).stdout;
    };

    const refused = await curl();
    const admitted = await curl('--basic', '-u', `${LOGIN.username}:${LOGIN.password}`);

    expect(refused).toMatch(/^HTTP\/1\.1 401 /);
    expect(refused.match(/^www-authenticate: .*$/gim)).toHaveLength(3);
    expect(admitted).toContain('OS: 10.0.20348');
  });
});

const FAIL: PythonElement = { tag: '', attributes: {}, text: '', children: [] };

function treeOf(result: Awaited<ReturnType<typeof askPywinrm>>[number] | undefined): PythonElement {
  if (result === undefined || !('answer' in result) || typeof result.answer === 'string') {
    throw new Error(`pywinrm got no answer: ${JSON.stringify(result)}`);
  }
  return result.answer;
}
