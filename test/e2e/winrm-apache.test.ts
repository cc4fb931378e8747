import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WinrmAuth, WinrmConnection } from '../../src/winrm/types.ts';
import { MUTUAL_TLS } from '../../src/winrm/uris.ts';
import { type Apache, startApache } from '../peers/apache.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { BASIC, call, PASSWORD, winrmBench } from '../support/winrm.ts';

describeWithPeers('Apache with TLS', ['apache2', 'openssl'], () => {
  const bench = winrmBench();
  let apache: Apache;

  beforeAll(async () => {
    apache = await startApache({ basic: { username: 'mon', password: PASSWORD } });
  });

  afterAll(() => apache?.stop());

  function client(path: string, auth: WinrmAuth, changes: Partial<WinrmConnection> = {}) {
    return bench.client({ url: apache.origin + path, auth, caFile: file('ca.pem'), insecure: false, ...changes });
  }

  function file(name: string): string {
    return join(apache.folder.path, name);
  }

  function certificate(name: string): WinrmAuth {
    return { kind: 'certificate', certFile: file(`${name}.pem`), keyFile: file(`${name}.key`) };
  }

  test('takes Basic', async () => {
    expect(await client('/basic', BASIC).identify(call())).toMatchObject({ ok: true, value: { vendor: 'mon' } });
  });

  test('is believed under an address that its certificate has', async () => {
    const url = `${apache.origin.replace('localhost', '127.0.0.1')}/basic`;

    expect(await client('/basic', BASIC, { url }).identify(call())).toMatchObject({ ok: true });
  });

  test('refuses a wrong user and names what it offers', async () => {
    const refused = await client('/basic', { ...BASIC, username: 'other' } as WinrmAuth).identify(call());

    expect(refused).toMatchObject({
      error: { reason: 'unauthorized', text: expect.stringMatching(/offers Basic\): check the user name/) },
    });
  });

  test('takes a client certificate, also where it asks for one only after the request', async () => {
    const answer = await client('/certificate', certificate('client')).identify(call());

    expect(answer).toMatchObject({ ok: true, value: { vendor: 'client', version: MUTUAL_TLS } });
  });

  test('refuses a client certificate of another authority', async () => {
    const refused = await client('/certificate', certificate('stranger')).identify(call());

    expect(refused).toMatchObject({ ok: false, error: { reason: expect.stringMatching(/tls|denied|network/) } });
  });

  test.each([
    ['by an authority that is not known here', () => ({ caFile: undefined }), /put .* into ca_file/],
    ['by another authority', () => ({ caFile: file('other-ca.pem') }), /put .* into ca_file/],
  ])('is not believed when it is signed %s', async (_, changes, text) => {
    const refused = await client('/basic', BASIC, changes()).identify(call());

    expect(refused).toMatchObject({ error: { reason: 'tls', text: expect.stringMatching(text) } });
  });

  test('is not believed under another name, unless any certificate is taken', async () => {
    const lookup = (_: string, options: object, found: (error: null, ...rest: never[]) => void): void => {
      const all = 'all' in options && options.all === true;
      found(null, ...((all ? [[{ address: '127.0.0.1', family: 4 }]] : ['127.0.0.1', 4]) as never[]));
    };
    const url = apache.origin.replace('localhost', 'kms01.corp.example.com');
    const connection = { url: `${url}/basic`, auth: BASIC, caFile: file('ca.pem'), insecure: false };

    const refused = await bench.client(connection, { lookup }).identify(call());
    const taken = await bench.client({ ...connection, insecure: true }, { lookup }).identify(call());

    expect(refused).toMatchObject({ error: { reason: 'tls', text: expect.stringContaining('another name') } });
    expect(taken).toMatchObject({ ok: true });
  });

  test('is asked over one connection, and over another one when a file has changed', async () => {
    await copyFile(file('ca.pem'), file('changing.pem'));
    const path = '/basic/changing';
    const asked = client(path, BASIC, { caFile: file('changing.pem') });
    expect((await asked.identify(call())).ok).toBe(true);
    expect((await asked.identify(call())).ok).toBe(true);

    await copyFile(file('other-ca.pem'), file('changing.pem'));
    expect(await asked.identify(call())).toMatchObject({ error: { reason: 'tls' } });
    await copyFile(file('ca.pem'), file('changing.pem'));
    expect((await asked.identify(call())).ok).toBe(true);

    await expect.poll(async () => (await apache.requests(path)).length).toBe(3);
    const [first, second, third] = await apache.requests(path);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test.each([
    ['is not there', 'none.pem', /no such file/],
    ['has no certificate', 'users', /no PEM certificate/],
  ])('a file of authorities that %s is named', async (_, name, text) => {
    const refused = await client('/basic', BASIC, { caFile: file(name) }).identify(call());

    expect(refused).toMatchObject({ error: { reason: 'credentials', text: expect.stringMatching(text) } });
    expect(refused.ok ? '' : refused.error.text).toContain(file(name));
  });

  test('a key that is not that of the certificate is named, and not shown', async () => {
    const auth: WinrmAuth = { kind: 'certificate', certFile: file('client.pem'), keyFile: file('stranger.key') };

    const refused = await client('/certificate', auth).identify(call());

    expect(refused).toMatchObject({ error: { reason: 'credentials', text: expect.stringContaining('stranger.key') } });
    expect(JSON.stringify(refused)).not.toMatch(/BEGIN|PRIVATE/);
  });
});
