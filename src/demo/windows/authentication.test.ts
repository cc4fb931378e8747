import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeWithPeers } from '../../../test/peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../test/peers/temporary-folder.ts';
import { makeCertificates } from '../../../test/support/certificates.ts';
import { askWsman, IDENTIFY, postWsman } from '../../../test/support/wsman.ts';
import { CERTIFICATE_PROFILE } from './namespaces.ts';
import { startWindowsHost, type WindowsHost } from './windows-host.ts';
import { childText } from './xml-reader.ts';

const BASIC = { username: 'CORP\\mon', password: 'p:ä' };

let host: WindowsHost | undefined;

afterEach(() => host?.close());

test.each([
  [{ basic: BASIC }, 'Basic realm="WSMAN"'],
  [{ basic: BASIC, negotiate: true }, 'Negotiate, Kerberos, Basic realm="WSMAN"'],
  [{ negotiate: true }, 'Negotiate, Kerberos'],
  [{ negotiate: 'kerberos alone' }, 'Kerberos'],
] as const)('without credentials the answer is empty and offers what there is (%o)', async (authentication, offer) => {
  host = await startWindowsHost({ name: 'a', authentication });

  const answer = await postWsman(host.url, IDENTIFY);

  expect(answer).toMatchObject({ status: 401, text: '' });
  expect(answer.headers.get('www-authenticate')).toBe(offer);
});

test.each([
  [`${BASIC.username}:${BASIC.password}`, 200],
  [`${BASIC.username}:other`, 401],
  [BASIC.username, 401],
])('Basic with %s gets %i', async (credentials, status) => {
  host = await startWindowsHost({ name: 'a', authentication: { basic: BASIC } });
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;

  expect((await postWsman(host.url, IDENTIFY, { authorization })).status).toBe(status);
});

test('Identify says less to a caller without credentials, and says so', async () => {
  host = await startWindowsHost({ name: 'a', authentication: { negotiate: true } });

  const answer = await postWsman(host.url, IDENTIFY, { wsmanidentify: 'unauthenticated' });

  expect(childText(answer.body, 'ProductVersion')).toBe('OS: 0.0.0 SP: 0.0 Stack: 3.0');
  expect((await askWsman(host.url, { action: 'Pull', body: '' })).status).toBe(401);
});

describeWithPeers('over HTTPS', ['openssl'], () => {
  let folder: TemporaryFolder;
  const pem = (name: string): Promise<string> => readFile(join(folder.path, name), 'utf8');

  beforeAll(async () => {
    folder = await temporaryFolder();
    await makeCertificates(folder);
  });
  afterAll(() => folder.remove());

  test.each([
    ['client', CERTIFICATE_PROFILE, 200],
    ['stranger', CERTIFICATE_PROFILE, 401],
    ['client', '', 401],
    [undefined, CERTIFICATE_PROFILE, 401],
  ])('the certificate of %s with the header "%s" gets %i', async (name, authorization, status) => {
    const tls = { cert: await pem('server.pem'), key: await pem('server.key') };
    const ca = await pem('ca.pem');
    host = await startWindowsHost({ name: 'a', tls, authentication: { certificate: { ca } } });
    const own = name === undefined ? {} : { cert: await pem(`${name}.pem`), key: await pem(`${name}.key`) };
    const dispatcher = new Agent({ connect: { ca, ...own } });
    try {
      const headers = { 'content-type': 'application/soap+xml', authorization };
      const answer = await request(host.url, { method: 'POST', body: IDENTIFY, headers, dispatcher });
      await answer.body.dump();

      expect(host.url).toMatch(/^https:/);
      expect(answer.statusCode).toBe(status);
    } finally {
      await dispatcher.close();
    }
  });
});
