import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { loadConfigFile } from '../../src/config/config-file.ts';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import { answering, startHttpDouble } from '../doubles/http-double.ts';
import { accepts, type Daemon, startDaemon } from '../peers/daemon.ts';
import { peerPath } from '../peers/find-peer.ts';
import { freePort } from '../peers/free-port.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { MAIN, REPOSITORY, seriesValue } from '../support/agent.ts';
import { makeCertificate, makeCertificates } from '../support/certificates.ts';
import { startService } from '../support/service.ts';

const run = promisify(execFile);

/** "opensesame". */
const HASH = '$2y$04$gtN./EIgcuFVMQAIoZEOy.khhWEP5PMO/v0i5gfLrdR2jZTYcmnlu';

const TLS = `tls_server_config: {cert_file: server.pem, key_file: server.key}\n`;
const MUTUAL = `tls_server_config:
  cert_file: server.pem
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.pem
  client_allowed_sans: [scraper.example]
`;
const USERS = `basic_auth_users: {alice: ${HASH}, prometheus: ${HASH}}\n`;

interface Answer {
  readonly status: number;
  readonly version: string;
  readonly body: string;
  /** curl's exit code. */
  readonly code: number;
}

describeWithPeers('the web configuration', ['openssl', 'curl', 'prometheus'], () => {
  let folder: TemporaryFolder;
  let host: SimulatedHost;
  let agent: Daemon | undefined;
  let port = 0;

  beforeAll(async () => {
    host = await startSimulatedHost({ kind: 'healthy' });
    folder = await temporaryFolder();
    await makeCertificates(folder);
  });
  afterEach(async () => {
    await agent?.stop();
    agent = undefined;
  });
  afterAll(async () => {
    await host?.close();
    await folder?.remove();
  });

  /** @returns the path of the configuration */
  async function configure(web: string, more = '', rest = ''): Promise<string> {
    port = await freePort('127.0.0.1', '::1');
    await folder.write('web.yml', web);
    return folder.write(
      'kmswatch.yml',
      `discovery: {domains: []}
hosts: [{name: 127.0.0.1, port: ${host.port}}]
ingest: {token: token-of-senders}
web: {listen: ["127.0.0.1:${port}", "[::1]:${port}"], config_file: web.yml${more}}
${rest}`,
    );
  }

  async function start(web: string, more = '', rest = ''): Promise<void> {
    const config = await configure(web, more, rest);
    agent = await startDaemon({
      command: [process.execPath, MAIN, 'run', '--config', config],
      cwd: REPOSITORY,
      env: { STATE_DIRECTORY: folder.path },
      ready: () => accepts(port),
    });
  }

  async function curl(path: string, ...options: readonly string[]): Promise<Answer> {
    const args = ['-sS', '--max-time', '60', '-w', '\n%{http_code} %{http_version}', ...options];
    const url = path.startsWith('http') ? path : `https://127.0.0.1:${port}${path}`;
    const { stdout, code } = await run(peerPath('curl'), [...args, url], { cwd: folder.path }).then(
      (done) => ({ ...done, code: 0 }),
      (error: { stdout: string; code: number }) => error,
    );
    const end = stdout.lastIndexOf('\n');
    const [status = '0', version = ''] = stdout.slice(end + 1).split(' ');
    return { status: Number(status), version, body: stdout.slice(0, end), code };
  }

  const TRUST = ['--cacert', 'ca.pem'];
  const ALICE = ['-u', 'alice:opensesame'];
  const CLIENT = ['--cert', 'client.pem', '--key', 'client.key'];

  it('gives curl TLS, HTTP/2 and HTTP/1.1, on IPv4 and IPv6', async () => {
    await start(TLS);
    expect(await curl('/-/healthy', ...TRUST)).toMatchObject({ status: 200, version: '2' });
    expect(await curl('/-/healthy', '--http1.1', ...TRUST)).toMatchObject({ status: 200, version: '1.1' });
    expect(await curl(`https://[::1]:${port}/-/healthy`, ...TRUST)).toMatchObject({ status: 200 });
    expect((await curl('/-/healthy')).code).toBe(60);
    expect((await curl(`http://127.0.0.1:${port}/-/healthy`)).code).not.toBe(0);
    const posted = await curl('/api/v1/events', ...TRUST, '-H', 'Authorization: Bearer token-of-senders', '-d', 'x');
    expect(posted).toMatchObject({ status: 400, version: '2' });
    const large = await folder.write('large', 'x'.repeat(70_000_000));
    const token = ['-H', 'Authorization: Bearer token-of-senders', '-H', 'Expect:'];
    const refused = await curl('/api/v1/events', ...TRUST, ...token, '--data-binary', `@${large}`);
    expect(refused.status).toBe(413);
  });

  it('leads notifications to where its pages are, with TLS and without', async () => {
    const webhook = await startHttpDouble(answering(200));
    // Has no part about TLS.
    // A round each second, after which conditions are judged.
    const quick = `probe: {schedule: "* * * * * *"}\nnotify: [{webhook: {url: "${webhook.url}"}}]\n`;
    const file = await configure(USERS, '', quick);
    const config = await loadConfigFile(file);
    if (!config.ok) throw new Error(JSON.stringify(config.error));
    const hurried = await temporaryFolder();
    // The service's failure is reported after half a second, and not after five minutes.
    const { service, store } = await startService({
      ...{ config: config.value, folder: hurried.path, tickEvery: 1_000, hurry: 600 },
    });
    const links = () => webhook.requests.map(({ body }) => JSON.parse(body)).map(linksOf);
    const failed = async (host: string, origin: string): Promise<void> => {
      const time = new Date().toISOString();
      const event = { host, channel: 'Application', record_id: 1, time, event_id: 12291, data: ['0x80072EE2'] };
      const token = ['-H', 'Authorization: Bearer token-of-senders'];
      const { status } = await curl(`${origin}/api/v1/events`, ...TRUST, ...token, '-d', JSON.stringify(event));
      expect(status).toBe(200);
    };
    const plain = `http://127.0.0.1:${port}`;
    const runbook = '/runbooks/KmsServiceFailure';
    await failed('kms01.corp.example', plain);
    await expect.poll(links).toEqual([[`${plain}/`, `${plain}${runbook}`]]);
    expect(await curl(`${plain}${runbook}`, ...ALICE)).toMatchObject({ status: 200 });
    await run(process.execPath, [MAIN, 'notify', 'test', '--config', file]);
    expect(links().at(-1)?.[0]).toBe(`${plain}/`);

    const secure = `https://127.0.0.1:${port}`;
    await folder.write('web.yml', TLS + USERS);
    await expect.poll(async () => (await curl('/-/healthy', ...TRUST, ...ALICE)).status).toBe(200);
    await failed('kms02.corp.example', secure);
    await expect.poll(() => links().at(-1)).toEqual([`${secure}/`, `${secure}${runbook}`]);
    await run(process.execPath, [MAIN, 'notify', 'test', '--config', file]);
    expect(links().at(-1)?.[0]).toBe(`${secure}/`);
    await service.stop();
    await store.close();
    await hurried.remove();
    await webhook.close();
  });

  it('asks curl for a password everywhere but where a token is asked for', async () => {
    await start(TLS + USERS);
    for (const path of ['/metrics', '/-/healthy', '/', '/nothing']) {
      expect((await curl(path, ...TRUST)).status).toBe(401);
    }
    expect((await curl('/metrics', ...TRUST, '-u', 'alice:wrong')).status).toBe(401);
    expect((await curl('/metrics', ...TRUST, '-u', 'bob:opensesame')).status).toBe(401);
    expect((await curl('/metrics', ...TRUST, ...ALICE)).body).toContain('kms_host_up{');
    const token = ['-H', 'Authorization: Bearer token-of-senders', '-d', 'x'];
    expect((await curl('/api/v1/events', ...TRUST, ...token)).status).toBe(400);
  });

  it('lets only the users of web.pages see the pages', async () => {
    await start(TLS + USERS, ', pages: {users: [alice]}');
    const paths = ['/', '/api/v1/leases'];
    for (const path of paths) {
      expect((await curl(path, ...TRUST, ...ALICE)).status).toBe(200);
      expect((await curl(path, ...TRUST, '-u', 'prometheus:opensesame')).status).toBe(403);
    }
  });

  it('asks curl for a certificate of the right authority and name', async () => {
    await start(MUTUAL);
    expect(await curl('/metrics', ...TRUST, ...CLIENT)).toMatchObject({ status: 200, version: '2' });
    expect((await curl('/metrics', ...TRUST)).status).toBe(0);
    expect((await curl('/metrics', ...TRUST, '--cert', 'stranger.pem', '--key', 'stranger.key')).status).toBe(0);
    await makeCertificate(folder, 'nameless', { issuer: 'ca', use: 'client', sans: 'DNS:other.example' });
    expect((await curl('/metrics', ...TRUST, '--cert', 'nameless.pem', '--key', 'nameless.key')).status).toBe(0);
  });

  it('is read again when it changes; a broken one changes nothing, and is reported', async () => {
    await start(TLS + USERS);
    const file = join(folder.path, 'web.yml');
    const metric = async () => {
      const { body } = await curl('/metrics', ...TRUST, ...ALICE);
      return seriesValue(body, 'kmswatch_config_last_reload_successful');
    };
    expect(await metric()).toBe(1);
    await writeFile(file, `${TLS}basic_auth_user: {}\n`);
    await expect.poll(metric).toBe(0);
    expect(agent?.output()).toContain("web.yml:2:1: basic_auth_user: unknown key 'basic_auth_user'; did you mean");
    expect((await curl('/metrics', ...TRUST)).status).toBe(401);
    await writeFile(file, `${TLS}basic_auth_users: {carol: ${HASH}}\n`);
    const status = async (...who: string[]) => (await curl('/-/healthy', ...TRUST, ...who)).status;
    await expect.poll(() => status('-u', 'carol:opensesame')).toBe(200);
    expect(await status(...ALICE)).toBe(401);
    await writeFile(file, '');
    const plain = async () => (await curl(`http://127.0.0.1:${port}/-/healthy`)).status;
    await expect.poll(plain).toBe(200);
  });

  it('takes a renewed certificate by itself', async () => {
    await start(TLS);
    const subject = async () => {
      const { stdout } = await run('sh', [
        '-c',
        `echo | ${peerPath('openssl')} s_client -connect 127.0.0.1:${port} 2>/dev/null | ${peerPath('openssl')} x509 -noout -serial`,
      ]);
      return stdout;
    };
    const before = await subject();
    await makeCertificate(folder, 'server', { issuer: 'ca', sans: 'DNS:localhost,IP:127.0.0.1,IP:::1' });
    await expect.poll(subject).not.toBe(before);
    expect((await curl('/-/healthy', ...TRUST)).status).toBe(200);
  });

  it('lets Prometheus scrape, and probe through it, with TLS, a client certificate and a password', async () => {
    await start(MUTUAL + USERS);
    const own = await freePort();
    const client = `scheme: https
    tls_config: {ca_file: ca.pem, cert_file: client.pem, key_file: client.key}
    basic_auth: {username: prometheus, password: opensesame}`;
    const prometheusConfig = await folder.write(
      'prometheus.yml',
      `
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: kmswatch
    ${client}
    static_configs: [{targets: ["127.0.0.1:${port}"]}]
  - job_name: anonymous
    scheme: https
    tls_config: {ca_file: ca.pem, cert_file: client.pem, key_file: client.key}
    static_configs: [{targets: ["127.0.0.1:${port}"]}]
  - job_name: probe
    ${client}
    metrics_path: /probe
    params: {module: [rpc]}
    static_configs: [{targets: ["127.0.0.1:${host.port}"]}]
    relabel_configs:
      - {source_labels: [__address__], target_label: __param_target}
      - {source_labels: [__param_target], target_label: instance}
      - {target_label: __address__, replacement: "127.0.0.1:${port}"}
`,
    );
    const api = `http://127.0.0.1:${own}`;
    const prometheus = await startDaemon({
      command: [
        peerPath('prometheus'),
        `--config.file=${prometheusConfig}`,
        `--storage.tsdb.path=${folder.path}/data`,
        `--web.listen-address=127.0.0.1:${own}`,
      ],
      ready: async () => (await fetch(`${api}/-/ready`)).ok,
    });
    const value = async (expression: string): Promise<string | undefined> => {
      const response = await fetch(`${api}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const body: { data: { result: { value: [number, string] }[] } } = JSON.parse(await response.text());
      return body.data.result[0]?.value[1];
    };
    try {
      await expect.poll(() => value('up{job="kmswatch"}')).toBe('1');
      await expect.poll(() => value('up{job="anonymous"}')).toBe('0');
      await expect.poll(() => value('probe_success{job="probe"}')).toBe('1');
      expect(await value('probe_timeout_seconds{job="probe"}')).toBe('0.5');
    } finally {
      await prometheus.stop();
    }
  });

  it('has the metrics of a probe that promtool has nothing to object to', async () => {
    await start('');
    for (const module of ['rpc', 'tcp']) {
      const { body } = await curl(`http://127.0.0.1:${port}/probe?module=${module}&target=127.0.0.1:${host.port}`);
      const { status, stdout, stderr } = spawnSync(peerPath('promtool'), ['check', 'metrics'], { input: `${body}\n` });
      expect([String(stdout), String(stderr), status]).toEqual(['', '', 0]);
    }
  });

  it('that is bad from the start ends the agent with 2, and config check names it', async () => {
    const started = start('tls_server_config: {cert_file: server.pem}\n');
    await expect(started).rejects.toThrow(/ended with 2[\s\S]*web\.yml:1:20: tls_server_config: is incomplete/);
    const checked = spawnSync(process.execPath, [MAIN, 'config', 'check', join(folder.path, 'kmswatch.yml')]);
    expect([checked.status, String(checked.stderr)]).toEqual([2, expect.stringContaining('web.yml:1:20: ')]);
  });
});

/** Of a body in the form of Alertmanager: the agent's own address, and that of the first alert's runbook. */
function linksOf(body: { externalURL: string; alerts: { annotations: { runbook_url: string } }[] }) {
  return [body.externalURL, body.alerts[0]?.annotations.runbook_url];
}
