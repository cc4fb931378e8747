import { execFile } from 'node:child_process';
import { rename } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import { builtFile } from '../clean-root/built.ts';
import { peerPath } from '../peers/find-peer.ts';
import { freePort } from '../peers/free-port.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { savedRequest } from '../support/saved-request.ts';
import { type Outcome, WineRoot } from './wine-root.ts';

const DATA = 'C:\\ProgramData\\kmswatch';
const TCPIP = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';

/** The lines above it say what is proved. */
const NOT_PROVED = `
Each line above is proved of the archive as it is released, with Node for Windows, by Wine 10. Wine proves nothing about the
task at boot and its account LOCAL SERVICE, the rights of folders, Windows PowerShell, the adapters' name servers, WMI and
the event logs: docs/windows.md, "Ten minutes on a real host".
`;

describeWithPeers('the agent for Windows, run by Wine', ['root', 'debootstrap', 'zip', 'unzip'], () => {
  let wine: WineRoot;
  let program: string;
  let host: SimulatedHost;
  let port: number;
  let agent: Promise<Outcome> | undefined;

  beforeAll(async () => {
    wine = await WineRoot.make();
    host = await startSimulatedHost({ kind: 'healthy' });
    port = await freePort();
    const zip = await builtFile('.zip');
    await promisify(execFile)(peerPath('unzip'), ['-q', zip, '-d', wine.at(wine.own())]);
    program = wine.own(`kmswatch-${manifest.version}-win-x64`);
    await wine.write(`C:\\windows\\system32\\drivers\\etc\\hosts`, '127.0.0.1 kms01.corp.test\r\n');
    await configure();
  });
  afterAll(async () => {
    await host?.close();
    await wine?.remove();
    process.stdout.write(NOT_PROVED);
  });

  async function configure(more = ''): Promise<void> {
    const lines = [
      'discovery: {domains: []}',
      `web: {listen: ["127.0.0.1:${port}"]}`,
      'hosts:',
      `  - {name: kms01.corp.test, aliases: [KMS01], port: ${host.port}}`,
      more,
    ];
    await wine.write(`${DATA}\\kmswatch.yml`, lines.join('\n'));
  }

  const kmswatch = (...args: readonly string[]) =>
    wine.run([`${program}\\node.exe`, `${program}\\bin\\kmswatch.cjs`, ...args]);
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

  /** As the task at boot does. */
  async function start(): Promise<void> {
    agent = wine.run(['cmd', '/d', '/c', `${program}\\agent.cmd`, DATA]);
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).status).toBe(200);
  }

  /** Commands of a user find the agent's state by this, as it is a folder of the system. */
  async function made(): Promise<void> {
    await wine.run(['cmd', '/d', '/c', 'mkdir', `${DATA}\\agent`]);
  }

  test('says its version by its launcher', async () => {
    const { code, output } = await wine.run(['cmd', '/d', '/c', `${program}\\kmswatch.cmd`, '--version']);
    expect(output.trim()).toBe(manifest.version);
    expect(code).toBe(0);
  });

  test('checks the configuration of the system', async () => {
    await made();
    const { code, output } = await kmswatch('config', 'check', `${DATA}\\kmswatch.yml`);
    expect(output).toContain('is valid');
    expect(code).toBe(0);
  });

  test('is ready, watches a host of its hosts file, and serves metrics and pages', async () => {
    await start();
    const metrics = await get('/metrics');
    expect(metrics).toContain('platform="win32"');
    expect(metrics).toMatch(/^kms_host_up\{host="kms01\.corp\.test"[^}]*\} 1$/m);
    expect(metrics).toContain('kmswatch_store_up 1');
    expect(await get('/')).toContain('kms01');
  });

  test('takes records and answers commands through its pipe', async () => {
    const file = wine.own('kms.xml');
    await wine.write(file, await savedRequest('ws-0417', 'KMS01'));
    const imported = await kmswatch('import', file);
    expect(imported.output).toContain('through the running agent');
    expect(imported.output).toContain('1 accepted, 0 duplicate, 0 ignored, 0 rejected');
    expect((await kmswatch('leases', '--client', 'ws-0417')).output).toContain('ws-0417');
    expect((await kmswatch('explain', 'ws-0417')).code).toBe(0);
  });

  test('answers no command that cannot read the secret', async () => {
    const secret = wine.at(`${DATA}\\agent\\kmswatch.db.secret`);
    await rename(secret, `${secret}.away`);
    const { code, output } = await kmswatch('leases');
    await rename(`${secret}.away`, secret);
    expect(output).toContain('Run this as an administrator');
    expect(code).toBe(1);
  });

  test('reloads a changed configuration by itself', async () => {
    await configure('  - {name: kms02.corp.test}');
    await expect.poll(() => get('/api/v1/hosts')).toContain('kms02.corp.test');
  });

  test('ends if it is stopped, and remembers', async () => {
    expect(await kmswatch('stop')).toEqual({ code: 0, output: 'the agent has ended\n' });
    expect((await agent)?.code).toBe(0);
    expect(await wine.read(`${DATA}\\agent\\agent.log`)).toContain('the agent is stopping');
    expect((await kmswatch('stop')).code).toBe(1);
    await start();
    expect((await kmswatch('leases')).output).toContain('ws-0417');
    expect(await wine.read(`${DATA}\\agent\\agent.old.log`)).toContain('the agent is stopping');
  });

  test('has the search list of Windows', async () => {
    await wine.run(['reg', 'add', TCPIP, '/v', 'SearchList', '/d', 'corp.test,emea.test', '/f']);
    await wine.write(wine.own('search.yml'), 'discovery: {servers: ["127.0.0.1:9"], timeout: 100ms, attempts: 1}\n');
    const { output } = await kmswatch('check', '--config', wine.own('search.yml'), '--format', 'json');
    expect(output).toContain('"corp.test"');
    expect(output).toContain('"emea.test"');
  });
});
