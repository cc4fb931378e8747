import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Agent, fetch, type Response } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answering, type HttpDouble, startHttpDouble } from '../doubles/http-double.ts';
import { freePort } from '../peers/free-port.ts';
import { type Nginx, startNginx } from '../peers/nginx.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { MAIN, type RunningAgent, startAgent } from '../support/agent.ts';
import { makeCertificates } from '../support/certificates.ts';

const TOKEN = 'a-token-of-the-test';

/** The block of a page of the documentation, which a reader copies. */
async function documented(page: string): Promise<string> {
  const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const [, block = ''] = /```nginx\n(.*?)```/s.exec(text) ?? [];
  return block;
}

const record = (index: number) =>
  JSON.stringify({
    host: 'kms01.corp.example',
    channel: 'Key Management Service',
    record_id: index,
    time: new Date(Date.now() - index * 60_000).toISOString(),
    event_id: 12290,
    data: [
      '0x0',
      '25',
      `ws-${index}.corp.example`,
      crypto.randomUUID(),
      '2026/11/28 10:00',
      '0',
      '1',
      '43200',
      '2de67392-b7a7-462a-b1ca-108dd189f588',
    ],
  });

/** The addresses to which a page leads. */
function linksIn(page: string, url: string): readonly string[] {
  const links = [...page.matchAll(/ (?:href|src|action)="([^"#][^"]*)"/g)];
  return links.map(([, link = '']) => new URL(link.replaceAll('&amp;', '&'), url).href);
}

describeWithPeers('behind nginx', ['nginx', 'openssl'], () => {
  let folder: TemporaryFolder;
  let webhook: HttpDouble;
  let dispatcher: Agent;
  const running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder();
    await makeCertificates(folder);
    webhook = await startHttpDouble(answering(200));
    dispatcher = new Agent({ connect: { ca: await readFile(`${folder.path}/ca.pem`) } });
  });
  afterAll(async () => {
    for (const one of running.toReversed()) await one.stop();
    await webhook?.close();
    await dispatcher?.close();
    await folder?.remove();
  });

  /** The agent behind nginx, at an address with this path. */
  async function start(path: string, server: (port: number, agent: string) => string) {
    const agentPort = await freePort();
    const own = await temporaryFolder();
    const scheme = server(0, '').includes('ssl') ? 'https' : 'http';
    const nginx: Nginx = await startNginx(own, (at) => server(at, `127.0.0.1:${agentPort}`));
    const outside = `${scheme}://localhost:${nginx.port}${path}`;
    const agent: RunningAgent = await startAgent({
      config: [
        'discovery: {domains: []}',
        'hosts: [{name: 127.0.0.1, port: 9}]',
        `ingest: {token: ${TOKEN}}`,
        `web: {external_url: "${outside}", listen: ["127.0.0.1:${agentPort}"]}`,
        `notify: [{webhook: {url: "${webhook.url}"}}]`,
        '',
      ].join('\n'),
      port: agentPort,
    });
    running.push(nginx, agent, { stop: () => own.remove() });
    return { agent, outside };
  }

  const get = (url: string) => fetch(url, { redirect: 'manual', dispatcher });

  /** Every link that can be reached from the status page, and its answer. */
  async function crawl(outside: string): Promise<ReadonlyMap<string, Response>> {
    const seen = new Map<string, Response>();
    const queue = [`${outside}/`];
    for (let url = queue.shift(); url !== undefined && seen.size < 300; url = queue.shift()) {
      if (seen.has(url)) continue;
      const answer = await get(url);
      seen.set(url, answer);
      const text = await answer.text();
      if (answer.headers.get('content-type')?.startsWith('text/html')) queue.push(...linksIn(text, url));
    }
    return seen;
  }

  async function expectAllLinks({ agent, outside }: Awaited<ReturnType<typeof start>>): Promise<void> {
    const sent = await get(`${outside}/-/ready`);
    expect(sent.status).toBe(200);
    const posted = await fetch(`${outside}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: [1, 2, 3].map(record).join('\n'),
      dispatcher,
    });
    expect(await posted.json()).toMatchObject({ accepted: 3 });
    const found = await crawl(outside);
    const paths = [...found.keys()].map((url) => url.slice(outside.length));
    for (const path of ['/leases', '/runbooks/KmsHostDown', '/metrics', '/leases.csv', '/api/v1/conditions']) {
      expect(paths).toContain(path);
    }
    expect(paths.some((path) => path.startsWith('/clients/ws-1'))).toBe(true);
    expect([...found].filter(([url, { status }]) => !url.startsWith(`${outside}/`) || status !== 200)).toEqual([]);
    const redirected = await get(`${outside}/clients/`);
    expect(new URL(redirected.headers.get('location') ?? '', redirected.url).href).toBe(`${outside}/leases`);
    // The agent itself answers the same.
    expect([...(await crawl(agent.url)).values()].filter(({ status }) => status !== 200)).toEqual([]);
    const before = webhook.requests.length;
    await promisify(execFile)(process.execPath, [MAIN, 'notify', 'test', '--config', agent.config]);
    const [body = ''] = webhook.requests.slice(before).map((request) => request.body);
    const { externalURL, alerts } = JSON.parse(body);
    expect(externalURL).toBe(`${outside}/`);
    expect((await get(alerts[0].annotations.runbook_url)).status).toBe(200);
    expect(await (await get(`${outside}/metrics`)).text()).toContain(`kmswatch_external_url_info{url="${outside}/"} 1`);
  }

  it('works with TLS at the root, by the block of first-lease.md', async () => {
    const block = await documented('first-lease.md');
    await expectAllLinks(
      await start('', (port, agent) =>
        block
          .replace('listen 11688 ssl', `listen 127.0.0.1:${port} ssl`)
          .replace('127.0.0.1:11689', agent)
          .replace('/etc/ssl/kmswatch.crt', `${folder.path}/server.pem`)
          .replace('/etc/ssl/kmswatch.key', `${folder.path}/server.key`),
      ),
    );
  });

  it('works below a path that the proxy takes away, by the block of web.md', async () => {
    const block = await documented('web.md');
    const started = await start(
      '/kms',
      (port, agent) => `server { listen 127.0.0.1:${port}; ${block.replace('127.0.0.1:11688', agent)} }`,
    );
    await expectAllLinks(started);
    expect((await get(started.outside)).headers.get('location')).toBe(`${started.outside}/`);
  });

  it('works below a path that the proxy passes on, as an Ingress does', async () => {
    const started = await start(
      '/kms',
      (port, agent) => `server { listen 127.0.0.1:${port}; location /kms { proxy_pass http://${agent}; } }`,
    );
    await expectAllLinks(started);
    const bare = await get(started.outside);
    expect(new URL(bare.headers.get('location') ?? '', bare.url).href).toBe(`${started.outside}/`);
  });
});
