import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { get } from 'node:https';
import { join } from 'node:path';
import { type ConnectionOptions, connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { freePort } from '../../test/peers/free-port.ts';
import { describeWithPeers } from '../../test/peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../../test/peers/temporary-folder.ts';
import { makeCertificate, makeCertificates } from '../../test/support/certificates.ts';
import { loadWebSettings } from '../config/web-file/web-settings.ts';
import { subjectAlternativeNames } from './client-certificate.ts';
import { Listeners } from './listeners.ts';
import type { Transport } from './server.ts';

describeWithPeers('TLS', ['openssl'], () => {
  let folder: TemporaryFolder;
  const listeners = new Listeners((request, response) => {
    if (request.url === '/half') response.write('half', () => response.destroy());
    else response.end('here');
  });

  beforeAll(async () => {
    folder = await temporaryFolder();
    await makeCertificates(folder);
  });
  afterEach(() => listeners.close());
  afterAll(() => folder?.remove());

  const pem = (name: string) => readFileSync(join(folder.path, name));

  async function transport(tls: string, http2 = false): Promise<Transport> {
    const text = `tls_server_config: {cert_file: server.pem, key_file: server.key${tls}}\nhttp_server_config: {http2: ${http2}}\n`;
    const loaded = await loadWebSettings(await folder.write('web.yml', text), { users: [] });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    return { tls: loaded.value.settings.tls, http2 };
  }

  async function listen(tls: string, http2 = false): Promise<number> {
    const opened = await listeners.listen([{ host: '127.0.0.1', port: 0 }], await transport(tls, http2));
    expect(opened.ok).toBe(true);
    return Number(new URL(`https://${listeners.addresses[0]}`).port);
  }

  /** @returns the body, or why there is none */
  function ask(port: number, options: ConnectionOptions = {}): Promise<string> {
    return new Promise((resolve) => {
      get({ host: '127.0.0.1', port, ca: pem('ca.pem'), agent: false, ...options }, (response) => {
        response.setEncoding('utf8').on('data', (text: string) => resolve(text));
      }).on('error', (error: NodeJS.ErrnoException) => resolve(`failed: ${error.code}`));
    });
  }

  const certificate = (name: string) => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });

  describe.each<[string, string, { nothing: boolean; client: boolean; stranger: boolean }]>([
    ['NoClientCert', '', { nothing: true, client: true, stranger: true }],
    ['RequestClientCert', '', { nothing: true, client: true, stranger: true }],
    ['RequireClientCert', '', { nothing: false, client: true, stranger: true }],
    ['RequireAnyClientCert', '', { nothing: false, client: true, stranger: true }],
    ['VerifyClientCertIfGiven', ', client_ca_file: ca.pem', { nothing: true, client: true, stranger: false }],
    ['RequireAndVerifyClientCert', ', client_ca_file: ca.pem', { nothing: false, client: true, stranger: false }],
  ])('client_auth_type %s', (type, ca, expected) => {
    it.each([false, true])('with HTTP/2: %s', async (http2) => {
      const port = await listen(`, client_auth_type: ${type}${ca}`, http2);
      const came = async (options: ConnectionOptions = {}) => (await ask(port, options)) === 'here';
      expect({
        nothing: await came(),
        client: await came(certificate('client')),
        stranger: await came(certificate('stranger')),
      }).toEqual(expected);
    });
  });

  it.each([
    ['scraper.example', true],
    ['ops@example.com', true],
    ['192.0.2.7', true],
    ['spiffe://example/scraper', true],
    ['other.example', false],
    ['SCRAPER.example', false],
  ])('client_allowed_sans [%s]: %s', async (san, welcome) => {
    const sans = `client_allowed_sans: ["${san}"]`;
    const type = 'client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem';
    const port = await listen(`, ${type}, ${sans}`);
    expect((await ask(port, certificate('client'))) === 'here').toBe(welcome);
    expect(await ask(port, certificate('stranger'))).toContain('failed');
  });

  it.each([
    ['TLS12', 'TLS13', { 'TLSv1.1': false, 'TLSv1.2': true, 'TLSv1.3': true }],
    ['TLS13', 'TLS13', { 'TLSv1.1': false, 'TLSv1.2': false, 'TLSv1.3': true }],
    ['TLS10', 'TLS12', { 'TLSv1.1': true, 'TLSv1.2': true, 'TLSv1.3': false }],
  ] as const)('min_version %s, max_version %s', async (least, most, expected) => {
    const port = await listen(`, min_version: ${least}, max_version: ${most}`);
    const spoken: Record<string, boolean> = {};
    for (const version of ['TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const) {
      const ciphers = 'DEFAULT:@SECLEVEL=0';
      spoken[version] = (await ask(port, { minVersion: version, maxVersion: version, ciphers })) === 'here';
    }
    expect(spoken).toEqual(expected);
  });

  /** What a client and the server agree on. */
  function negotiated(port: number, options: ConnectionOptions): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, ca: pem('ca.pem'), ...options }, () => {
        const { name } = socket.getCipher();
        const group = socket.getEphemeralKeyInfo();
        resolve(`${name} ${group !== null && 'name' in group ? group.name : ''}`);
        socket.destroy();
      }).on('error', (error: NodeJS.ErrnoException) => resolve(`failed: ${error.code}`));
    });
  }

  it('speaks the configured cipher suites and curves, in its own order', async () => {
    const [weak, strong] = ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'];
    const port = await listen(
      `, max_version: TLS12, cipher_suites: [${weak}, ${strong}], curve_preferences: [CurveP384]`,
    );
    const both = 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA';
    expect(await negotiated(port, { ciphers: both })).toBe('ECDHE-ECDSA-AES128-SHA secp384r1');
    expect(await negotiated(port, { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })).toContain('failed');
    expect(await negotiated(port, { ciphers: both, ecdhCurve: 'X25519' })).toContain('failed');
  });

  it("takes the client's order when prefer_server_cipher_suites is false", async () => {
    const suites = 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384';
    const port = await listen(`, max_version: TLS12, prefer_server_cipher_suites: false, cipher_suites: [${suites}]`);
    const ciphers = 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA';
    expect(await negotiated(port, { ciphers })).toMatch(/^ECDHE-ECDSA-AES256-GCM-SHA384/);
  });

  it('takes a renewed certificate without closing a connection', async () => {
    const port = await listen('');
    const serial = () =>
      new Promise<string>((resolve) => {
        const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
          resolve(socket.getPeerCertificate().serialNumber);
          socket.destroy();
        });
      });
    const open = connect({ host: '127.0.0.1', port, ca: pem('ca.pem') });
    let heard = '';
    open.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
    });
    const before = await serial();
    await makeCertificate(folder, 'server', { issuer: 'ca', sans: 'IP:127.0.0.1' });
    await listeners.listen([{ host: '127.0.0.1', port: 0 }], await transport(''));
    expect(await serial()).not.toBe(before);
    expect(listeners.addresses).toEqual([`127.0.0.1:${port}`]);
    open.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => heard).toContain('here');
    open.destroy();
  });

  it('comes and goes at the same port', async () => {
    const port = await freePort();
    await listeners.listen([{ host: '127.0.0.1', port }], await transport(''));
    expect(await ask(port)).toBe('here');
    await listeners.listen([{ host: '127.0.0.1', port }]);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('here');
    await listeners.listen([{ host: '127.0.0.1', port }], await transport('', true));
    expect(await ask(port)).toBe('here');
    expect(listeners.addresses).toEqual([`127.0.0.1:${port}`]);
  });

  it('shows over HTTP/2 too that an answer was broken off', async () => {
    const port = await listen('', true);
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: pem('ca.pem') });
    const stream = session.request({ ':path': '/half' }).on('error', () => {});
    await new Promise((resolve) => stream.resume().once('close', resolve));
    expect(stream.rstCode).not.toBe(0);
    session.destroy();
  });

  it('speaks HTTP/2, and HTTP/1.1 beside it', async () => {
    const port = await listen('', true);
    expect(await ask(port)).toBe('here');
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: pem('ca.pem') });
    const body = await new Promise<string>((resolve) => {
      session.request({ ':path': '/' }).setEncoding('utf8').on('data', resolve);
    });
    expect(body).toBe('here');
    // An open session does not hold up the end: nothing but the end closes it.
    await listeners.close();
    session.destroy();
  });
});

test('alternative names are read as Go has them, and one with a comma stays one', () => {
  const subjectAltName =
    'DNS:a.example, email:x@y.example, IP Address:2001:DB8:0:0:0:0:0:1, URI:"spiffe://a/b, DNS:admin.example", othername:<unsupported>';
  expect(subjectAlternativeNames({ subjectAltName })).toEqual([
    'a.example',
    'x@y.example',
    '2001:db8::1',
    'spiffe://a/b, DNS:admin.example',
  ]);
});
