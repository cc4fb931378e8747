import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accepts, type Daemon, startDaemon } from '../peers/daemon.ts';
import { peerPath } from '../peers/find-peer.ts';
import { freePort } from '../peers/free-port.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { MAIN } from '../support/agent.ts';
import { makeCertificates } from '../support/certificates.ts';

interface Received {
  readonly authorization: string | undefined;
  readonly client: string | undefined;
  readonly alert: { readonly labels: Record<string, string> };
}

/** A receiver that only takes who has a certificate, behind tinyproxy, which only takes who has a password. */
describeWithPeers('kmswatch notify test in a locked-down network', ['tinyproxy', 'openssl'], () => {
  let folder: TemporaryFolder;
  let receiver: Server;
  let proxy: Daemon;
  let proxyPort = 0;
  let port = 0;
  const received: Received[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder();
    await makeCertificates(folder);
    const [ca, cert, key] = await Promise.all(
      ['ca.pem', 'server.pem', 'server.key'].map((name) => readFile(`${folder.path}/${name}`)),
    );
    const options = { ca, cert, key, requestCert: true, rejectUnauthorized: true };
    receiver = createServer(options as object, async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      const [alert] = JSON.parse(Buffer.concat(parts).toString()).alerts;
      received.push({ authorization: request.headers.authorization, client: [subject.CN].flat()[0], alert });
      response.end();
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    port = (receiver.address() as AddressInfo).port;
    proxyPort = await freePort();
    const configuration = await folder.write(
      'tinyproxy.conf',
      `Port ${proxyPort}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nBasicAuth mon right\nConnectPort ${port}\n`,
    );
    proxy = await startDaemon({
      command: [peerPath('tinyproxy'), '-d', '-c', configuration],
      ready: () => accepts(proxyPort),
    });
  });
  afterAll(async () => {
    await proxy?.stop();
    receiver?.closeAllConnections();
    receiver?.close();
    await folder?.remove();
  });

  async function notifyTest(more: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const config = await folder.write(
      'kmswatch.yml',
      `notify:\n  - webhook: {url: "https://localhost:${port}/hook"}\n    ${more}\n`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'notify', 'test', '--config', config], {
      env: { ...process.env, ...env },
    }).catch((error: { stdout: string }) => error);
    return stdout;
  }

  const OWN = 'ca_file: ca.pem\n    cert_file: client.pem\n    key_file: client.key';
  const proxyUrl = (password: string) => `http://mon:${password}@127.0.0.1:${proxyPort}`;

  it('gets through, with its certificate, its token and its labels', async () => {
    await folder.write('bearer', 'a-token\n');
    await folder.write('proxy', `${proxyUrl('right')}\n`);
    const more = `proxy_url_file: proxy\n    bearer_token_file: bearer\n    labels: {site: hq}`;
    expect(await notifyTest(`${OWN}\n    ${more}`)).toContain('one firing and one resolved notification sent');
    expect(received).toMatchObject([
      {
        authorization: 'Bearer a-token',
        client: 'client',
        alert: { labels: { alertname: 'KmswatchTest', site: 'hq' } },
      },
      { authorization: 'Bearer a-token', client: 'client' },
    ]);
  });

  it('takes the proxy from the environment', async () => {
    const before = received.length;
    expect(await notifyTest(OWN, { HTTPS_PROXY: proxyUrl('right') })).toContain('notification sent');
    expect(received.length).toBe(before + 2);
  });

  it.each([
    [
      'the proxy with a wrong password',
      () => `proxy_url: "${proxyUrl('wrong')}"`,
      OWN,
      'the proxy refuses (HTTP 401): it requires a login. Put a user name and a password into proxy_url, or correct them.',
    ],
    ['no authority', () => 'labels: {}', '', 'name its authority in ca_file'],
  ])('says so with %s', async (_what, more, rest, text) => {
    const before = received.length;
    const out = await notifyTest([more(), rest].filter(Boolean).join('\n    '));
    expect(out).toMatch(/^webhook-1: FAILED: /);
    expect(out).toContain(text);
    expect(out).not.toContain('wrong');
    expect(received.length).toBe(before);
  });
});
