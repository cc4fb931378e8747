import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { WinrmAuth, WinrmConnection } from '../../src/winrm/types.ts';
import { startDouble } from '../doubles/tcp-double.ts';
import { type Apache, startApache } from '../peers/apache.ts';
import { type Kdc, REALM, startKdc } from '../peers/kdc.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { call, PASSWORD, winrmBench } from '../support/winrm.ts';

const PEERS = ['apache2', 'mod_auth_gssapi', 'krb5kdc', 'kadmin.local', 'kerberos', 'openssl'] as const;

describeWithPeers('Apache with mod_auth_gssapi and a KDC', PEERS, () => {
  const bench = winrmBench();
  let kdc: Kdc;
  let apache: Apache;
  let keytab: string;
  let other: string;

  beforeAll(async () => {
    kdc = await startKdc();
    const service = await kdc.keytab('HTTP/localhost');
    keytab = await kdc.keytab('mon');
    other = await kdc.keytab('other');
    apache = await startApache({
      basic: { username: 'mon', password: PASSWORD },
      kerberos: { keytab: service, configuration: kdc.configuration },
    });
  });

  beforeEach(() => {
    vi.stubEnv('KRB5_CONFIG', kdc.configuration);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await apache?.stop();
    await kdc?.stop();
  });

  function client(principal: string, keytabFile: string, path = '/negotiate', changes: Partial<WinrmConnection> = {}) {
    return bench.client({
      url: apache.origin + path,
      auth: { kind: 'kerberos', principal: `${principal}@${REALM}`, keytabFile },
      caFile: join(apache.folder.path, 'ca.pem'),
      insecure: false,
      ...changes,
    });
  }

  test('takes a login with a keytab, once for a connection', async () => {
    const asked = client('mon', keytab);

    for (let round = 0; round < 3; round += 1) {
      expect(await asked.identify(call())).toMatchObject({ ok: true, value: { vendor: `mon@${REALM}` } });
    }

    await expect.poll(async () => (await apache.requests('/negotiate')).length).toBe(3);
    const requests = await apache.requests('/negotiate');
    expect(new Set(requests).size).toBe(1);
    expect(requests[0]).toMatch(/^\/negotiate 200 /);
  });

  test('that demands a login with each request gets it, after one refusal', async () => {
    const asked = client('mon', keytab, '/negotiate-each');

    for (let round = 0; round < 3; round += 1) {
      expect(await asked.identify(call())).toMatchObject({ ok: true, value: { vendor: `mon@${REALM}` } });
    }

    const statuses = async () => (await apache.requests('/negotiate-each')).map((line) => line.split(' ')[1]);
    await expect.poll(async () => (await statuses()).length).toBe(4);
    expect(await statuses()).toEqual(['200', '401', '200', '200']);
  });

  test('two keytabs at once do not mix', async () => {
    const clients = Array.from({ length: 10 }, (_, n) =>
      n % 2 === 0 ? client('mon', keytab) : client('other', other),
    );

    const answers = await Promise.all(clients.map((each) => each.identify(call())));

    expect(answers.map((answer) => (answer.ok ? answer.value.vendor : answer.error.text))).toEqual(
      clients.map((_, n) => `${n % 2 === 0 ? 'mon' : 'other'}@${REALM}`),
    );
  });

  test('a keytab that changes in place counts at once', async () => {
    const file = join(apache.folder.path, 'changing.keytab');
    await copyFile(keytab, file);
    expect(await client('mon', file).identify(call())).toMatchObject({ ok: true });

    await copyFile(other, file);

    expect(await client('mon', file).identify(call())).toMatchObject({ error: { reason: 'credentials' } });
    expect(await client('other', file).identify(call())).toMatchObject({ value: { vendor: `other@${REALM}` } });
  });

  test('a keytab without that principal says so', async () => {
    const refused = await client('nobody', keytab).identify(call());

    expect(refused).toMatchObject({
      error: { reason: 'credentials', text: expect.stringMatching(/Kerberos: .*nobody@TEST\.EXAMPLE.*klist -k/) },
    });
  });

  test('a host that is not in the realm says so', async () => {
    const refused = await client('mon', keytab, '/negotiate', {
      url: `${apache.origin.replace('localhost', '127.0.0.1')}/negotiate`,
    }).identify(call());

    expect(refused).toMatchObject({
      error: {
        reason: 'credentials',
        text: expect.stringMatching(/not found in Kerberos database.*domain name in url/),
      },
    });
  });

  test('a key that the KDC has no more says so, and nothing of it is shown', async () => {
    const stale = await kdc.keytab('rotated');
    await kdc.keytab('rotated');

    const refused = await client('rotated', stale).identify(call());

    expect(refused).toMatchObject({
      error: { reason: 'credentials', text: expect.stringMatching(/Kerberos: .*create the keytab again/) },
    });
    const octets = await readFile(stale);
    // Any 8 bytes of the end of the file, which has the key, in every way that bytes become text.
    const shown = JSON.stringify(refused);
    for (let at = octets.length - 40; at < octets.length - 8; at += 1) {
      const piece = octets.subarray(at, at + 8);
      for (const encoding of ['hex', 'latin1', 'utf8'] as const) expect(shown).not.toContain(piece.toString(encoding));
      expect(shown).not.toContain(piece.subarray(0, 6).toString('base64'));
    }
  });

  test('a realm whose KDC nobody knows says what has to name it', async () => {
    const auth: WinrmAuth = {
      kind: 'kerberos',
      principal: 'mon@NOWHERE.EXAMPLE',
      keytabFile: await kdc.keytab('mon@NOWHERE.EXAMPLE'),
    };

    const refused = await client('mon', keytab, '/negotiate', { auth }).identify(call());

    expect(refused).toMatchObject({
      error: { reason: 'credentials', text: expect.stringMatching(/NOWHERE\.EXAMPLE.*list the domain controllers/) },
    });
  });

  test('a keytab that is not there is named', async () => {
    const refused = await client('mon', '/nonexistent/mon.keytab').identify(call());

    expect(refused).toMatchObject({
      error: { reason: 'credentials', text: expect.stringContaining('/nonexistent/mon.keytab: there is no such file') },
    });
  });

  test('where Negotiate is not offered, that is said', async () => {
    const refused = await client('mon', keytab, '/basic').identify(call());

    expect(refused).toMatchObject({
      error: { reason: 'unauthorized', text: expect.stringContaining('Negotiate is off on the host') },
    });
  });

  test('a KDC that is silent costs the deadline of those who need it, and nobody else', async () => {
    const silent = await startDouble(() => {});
    const realms = `[realms]\nSILENT.EXAMPLE = {\n  kdc = 127.0.0.1:${silent.port}\n}\n`;
    const known = await readFile(kdc.configuration, 'utf8');
    vi.stubEnv('KRB5_CONFIG', await apache.folder.write('two-realms.conf', known + realms));
    const lonely = await kdc.keytab('mon@SILENT.EXAMPLE');
    const auth: WinrmAuth = { kind: 'kerberos', principal: 'mon@SILENT.EXAMPLE', keytabFile: lonely };

    const waiting = client('mon', keytab, '/negotiate', { auth }).identify(call(3000));
    await expect.poll(() => silent.received.length).toBeGreaterThan(0);
    const quick = await client('mon', keytab).identify(call());

    expect(quick.ok).toBe(true);
    expect(await waiting).toMatchObject({ error: { reason: 'timeout' } });
    await silent.close();
  });
});
