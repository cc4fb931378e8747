import { readdirSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { describeWithPeers } from '../../../test/peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../test/peers/temporary-folder.ts';
import { makeCertificates } from '../../../test/support/certificates.ts';
import { formatMistakes } from '../mistakes.ts';
import { parseGoDuration } from './go-duration.ts';
import { loadWebSettings, OPEN_WEB } from './web-settings.ts';

const FOLDER = new URL('../../../test/data/web-config/', import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));

describeWithPeers('the file of web.config_file', ['openssl'], () => {
  let folder: TemporaryFolder;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await cp(FOLDER, folder.path, { recursive: true });
    await makeCertificates(folder);
  });
  afterAll(() => folder?.remove());

  function load(name: string, users: readonly string[] = []) {
    return loadWebSettings(join(folder.path, name), { users });
  }

  it.each(NAMES.filter((name) => name.endsWith('.good.yml')))('%s is good', async (name) => {
    const loaded = await load(name);
    expect(loaded.ok ? [] : loaded.error).toEqual([]);
  });

  it('names every mistake of the others, as messages.txt has them', async () => {
    const messages: string[] = [];
    for (const name of NAMES.filter((each) => each.endsWith('.bad.yml'))) {
      const loaded = await load(name);
      const lines = loaded.ok ? [`${name}: no mistake`] : formatMistakes(name, loaded.error);
      messages.push(...lines.map((line) => line.replaceAll(`${folder.path}/`, '')));
    }
    await expect(`${messages.join('\n')}\n`).toMatchFileSnapshot(new URL('messages.txt', FOLDER).pathname);
  });

  it('is read with all that it says', async () => {
    const loaded = await load('everything.good.yml');
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const { settings, files } = loaded.value;
    expect(settings.tls).toMatchObject({
      clientAuth: 'RequireAndVerifyClientCert',
      allowedSans: ['scraper.example'],
      context: {
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.2',
        honorCipherOrder: false,
        ecdhCurve: 'P-256:P-384',
      },
    });
    expect(settings.tls?.context.ciphers).toMatch(/:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0$/);
    expect([...settings.users.keys()]).toEqual(['alice']);
    expect(JSON.stringify(settings.users.get('alice'))).toBe('"<secret>"');
    expect(settings.rateLimit).toEqual({ interval: 1000, burst: 10 });
    expect(settings.headers.get('Strict-Transport-Security')).toBe('max-age=31536000');
    expect(settings.http2).toBe(false);
    expect(files.map((file) => file.slice(folder.path.length + 1))).toEqual([
      'everything.good.yml',
      'server.pem',
      'server.key',
      'ca.pem',
    ]);
  });

  it('that says nothing changes nothing', async () => {
    expect(await load('empty.good.yml')).toMatchObject({ ok: true, value: { settings: OPEN_WEB } });
    expect(await load('absent-values.good.yml')).toMatchObject({ ok: true, value: { settings: OPEN_WEB } });
  });

  it('takes certificate, key and authorities inline', async () => {
    const pem = (name: string) => JSON.stringify(readFileSync(join(folder.path, name), 'utf8'));
    await folder.write(
      'inline.yml',
      `tls_server_config: {cert: ${pem('server.pem')}, key: ${pem('server.key')}, client_ca: ${pem('ca.pem')}, client_auth_type: VerifyClientCertIfGiven}\n`,
    );
    const loaded = await load('inline.yml');
    expect(loaded.ok && loaded.value.files).toHaveLength(1);
  });

  it('must have the users that may see the pages', async () => {
    const loaded = await load('everything.good.yml', ['alice', 'bob']);
    expect(formatMistakes('f', loaded.ok ? [] : loaded.error)).toEqual([
      "f:21:3: basic_auth_users: lacks the user 'bob' listed in web.pages.users",
    ]);
  });
});

test.each([
  ['0', 0],
  ['1s', 1000],
  ['1.5s', 1500],
  ['.5m', 30_000],
  ['1h2m3s4ms', 3_723_004],
  ['100us', 0.1],
  ['250µs', 0.25],
] as const)('%s is a duration of Go, %d ms', (text, milliseconds) => {
  expect(parseGoDuration(text)).toEqual({ ok: true, value: milliseconds });
});

test.each(['', '1', 's', '1 s', '-1s', '1d', '1s ', '1e3s'])("'%s' is none", (text) => {
  expect(parseGoDuration(text).ok).toBe(false);
});
