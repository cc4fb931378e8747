import { execFile } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type Beginning, type PushPeer, startPushPeer } from '../doubles/push-peer.ts';
import { accepts, type Daemon, startDaemon } from '../peers/daemon.ts';
import { peerPath } from '../peers/find-peer.ts';
import { freePort } from '../peers/free-port.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { MAIN, REPOSITORY } from '../support/agent.ts';
import { makeCertificate } from '../support/certificates.ts';
import { slowness } from '../support/slowness.ts';

const run = promisify(execFile);
const TESTS = fileURLToPath(new URL('../powershell/', import.meta.url));
const FILES = ['Agent', 'Answers', 'Check', 'Damage', 'Framework', 'Install', 'Licences', 'Push', 'Trust'];
/** One PowerShell busies a core, and the tests wait for the deadlines of the scripts. */
const AT_ONCE = 2;

const Results = z.object({
  tests: z.array(z.object({ name: z.string(), result: z.string(), error: z.string() })),
  broken: z.array(z.string()),
  missed: z.array(
    z.object({ file: z.string(), line: z.number(), function: z.string().nullable(), command: z.string() }),
  ),
  /** Functions of which at least one command is run. */
  entered: z.array(z.string()),
});

/** Functions of which nothing is run here, with the reason. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'Open-Log': 'the event log of Windows; a double replaces it',
  'Get-Account': 'the account of Windows; a double replaces it',
  'Test-Administrator': 'the account of Windows; a double replaces it',
  'Set-Rights': 'the rights of folders of Windows; a double replaces it',
  'Get-AccountName': 'the names of accounts of Windows; a double replaces it',
  'Invoke-Kmswatch': 'the program of Windows; a double replaces it',
  'Invoke-Net': 'a program of Windows; a double replaces it',
};

/** Commands of functions, or of scripts, of which everything else is run; each of them once. */
const COMMANDS_NOT_RUN: Readonly<Record<string, string>> = {
  "Set-Output: Write-Line 'the output is not in UTF-8'": 'a host of PowerShell without a console',
  "Get-OwnName: return $properties.HostName + '.' + $properties.DomainName": 'a machine that is in a domain',
  'Get-OwnName: return $properties.HostName': 'a machine that is in none',
  'Get-Protocols: return $protocols': 'a Windows before Server 2022',
  'Connect-Target: break': 'an address from which nothing comes back',
  'Connect-Target: $problem = "no answer from $address within $connectTimeout ms"': 'the same',
  'Connect-Tls: $script:trust = Get-Reason $_': 'a failure of the check of the certificate itself',
  'Connect-Tls: throw': 'a failure after the certificate was found good',
  'Connect-Tls: throw "the certificate of the server was not looked at: $script:trust"': 'a .NET that does not ask',
  'Lock-State: throw': 'a disk that fails',
  'Test-Mark: throw': 'a log that goes away between two questions',
  'Get-Start: throw': 'the same',
  'Find-Unreadable: return [long] 0': 'a record that cannot be read once and can be read then',
  'Read-Log: break': 'a time that is up at a record that cannot be read',
  'Send-Records: return $false': 'a time that is up in the middle of a file',
  "Get-TrustProblem: return ''": 'a root that Windows itself trusts, for import-history.ps1 without ca.pem',
  'Send-Jobs: Add-Problem 1 (Get-Reason $_)': 'a failure of PowerShell itself',
  'Send-Jobs: Get-Reason $_': 'the same',
  'kmswatch-push.ps1: Add-Problem 1 (Get-Reason $_)': 'what a script says of a reason that nobody thought of',
  'kmswatch-push.ps1: Get-Reason $_': 'the same',
  'send.ps1: Add-Problem 1 "nothing more was sent: $(Get-Reason $_)"': 'the same',
  'send.ps1: Get-Reason $_': 'the same',
};

const NEEDS = ['dotnet', 'pwsh', 'pester', 'net462', 'metadata-load-context', 'openssl'] as const;

describeWithPeers('the scripts for Windows, run by PowerShell', NEEDS, () => {
  let folder: TemporaryFolder;
  let peer: PushPeer | undefined;
  let agent: Daemon | undefined;
  const results = new Map<string, z.infer<typeof Results>>();
  const stopping = new AbortController();

  beforeAll(async () => {
    folder = await temporaryFolder();
    const servers = await makeServers(folder);
    peer = await startPushPeer(servers);
    const port = await freePort();
    agent = await startTlsAgent(folder, port);
    const at = (name: string) => join(folder.path, name);
    const setting = {
      scripts: join(REPOSITORY, 'config/windows'),
      pester: peerPath('pester'),
      net462: peerPath('net462'),
      metadata: peerPath('metadata-load-context'),
      folder: folder.path,
      agent: port,
      peers: { ...peer.ports, nobody: await freePort() },
      control: peer.control,
      // Seconds after which a script gives an answer up that does not come.
      patience: Math.ceil(2 * slowness()),
      ca: at('ca.pem'),
      intermediate: at('intermediate.pem'),
      self: at('self.pem'),
      name: at('name.pem'),
    };
    const env = {
      ...process.env,
      KMSWATCH_PESTER: await folder.write('setting.json', JSON.stringify(setting)),
      POWERSHELL_TELEMETRY_OPTOUT: '1',
      POWERSHELL_UPDATECHECK: 'Off',
      DOTNET_NOLOGO: '1',
      // The roots of the machine are none of ours, and reading them takes longer than the rest of a handshake.
      SSL_CERT_DIR: at('no-roots'),
      SSL_CERT_FILE: at('no-roots'),
    };
    const waiting = [...FILES.entries()];
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, name] = next;
        const command = [peerPath('pwsh'), '-NoProfile', '-NonInteractive', '-File', join(TESTS, 'run.ps1')];
        const args = [name, `${(index + 1) * 1e6}`, at(`${name}.json`)];
        await run(peerPath('dotnet'), [...command, ...args], { env, signal: stopping.signal });
        results.set(name, Results.parse(JSON.parse(await readFile(at(`${name}.json`), 'utf8'))));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }, 900_000 * slowness());
  afterAll(async () => {
    stopping.abort();
    await agent?.stop();
    await peer?.close();
    await folder?.remove();
  });

  it.each(FILES)('passes every test of %s.Tests.ps1', (file) => {
    const { tests = [], broken } = results.get(file) ?? {};
    expect(broken).toEqual([]);
    expect(tests.length).toBeGreaterThan(5);
    const failed = tests.filter(({ result }) => result !== 'Passed');
    expect(failed.map(({ name, result, error }) => `${result}: ${name}\n${error}`)).toEqual([]);
  });

  it('runs every command of the scripts but those of the lists', () => {
    const [first = [], ...others] = [...results.values()].map(({ missed }) => missed);
    const places = others.map((missed) => new Set(missed.map(placeOf)));
    const missed = first.filter((each) => places.every((other) => other.has(placeOf(each))));
    const excused = new Map<string, string>();
    expect(missed.filter((each) => !isExcused(each, excused)).map(placeOf)).toEqual([]);
    // And the lists have no more than that.
    const entered = new Set([...results.values()].flatMap((each) => each.entered));
    const isMissed = (name: string) => missed.some((each) => each.function === name);
    expect(Object.keys(NOT_RUN).filter((name) => entered.has(name) || !isMissed(name))).toEqual([]);
    const ofTheMachine = /^Get-OwnName: /;
    const needless = Object.keys(COMMANDS_NOT_RUN).filter((key) => !excused.has(key) && !ofTheMachine.test(key));
    expect(needless).toEqual([]);
  });
});

type Missed = z.infer<typeof Results>['missed'][number];

/** @param excused of each entry of the list, the one place that it is there for */
function isExcused(each: Missed, excused: Map<string, string>): boolean {
  const name = each.function || each.file;
  if (Object.hasOwn(NOT_RUN, name)) return true;
  const key = `${name}: ${each.command}`;
  if (!Object.hasOwn(COMMANDS_NOT_RUN, key)) return false;
  const place = placeOf(each);
  if (!excused.has(key)) excused.set(key, place);
  return excused.get(key) === place;
}

function placeOf({ file, line, function: name, command }: Missed): string {
  return `${file}:${line} ${name}: ${command}`;
}

/** Every way in which the server of kmswatch can be the wrong one, and the right ones. */
async function makeServers(folder: TemporaryFolder): Promise<Record<string, Beginning>> {
  const good = 'DNS:localhost,IP:127.0.0.1';
  await makeCertificate(folder, 'ca', { use: 'authority' });
  await makeCertificate(folder, 'other-ca', { use: 'authority' });
  await makeCertificate(folder, 'intermediate', { use: 'authority', issuer: 'ca' });
  await makeCertificate(folder, 'good', { issuer: 'ca', sans: good });
  await makeCertificate(folder, 'name', { issuer: 'ca', sans: 'DNS:other.example,IP:192.0.2.7,IP:2001:db8::7' });
  await makeCertificate(folder, 'localhost', { issuer: 'ca', sans: 'email:admin@example.com' });
  await makeCertificate(folder, 'noaddress', { issuer: 'ca', sans: 'DNS:localhost' });
  await makeCertificate(folder, 'stranger', { issuer: 'other-ca', sans: good });
  await makeCertificate(folder, 'self', { sans: good });
  await makeCertificate(folder, 'purpose', { issuer: 'ca', sans: good, use: 'client' });
  await makeCertificate(folder, 'expired', { issuer: 'ca', sans: good, isExpired: true });
  await makeCertificate(folder, 'partial', { issuer: 'intermediate', sans: good });
  const server = async (name: string, more = '') => ({
    cert: (await readFile(join(folder.path, `${name}.pem`), 'utf8')) + more,
    key: await readFile(join(folder.path, `${name}.key`), 'utf8'),
  });
  const intermediate = await readFile(join(folder.path, 'intermediate.pem'), 'utf8');
  // The agent's own certificate is the good one, with its authority behind it.
  await appendFile(join(folder.path, 'good.pem'), await readFile(join(folder.path, 'ca.pem')));
  return {
    good: await server('good'),
    name: await server('name'),
    subject: await server('localhost'),
    noaddress: await server('noaddress'),
    stranger: await server('stranger'),
    self: await server('self'),
    purpose: await server('purpose'),
    expired: await server('expired'),
    partial: await server('partial'),
    whole: await server('partial', intermediate),
    new: { ...(await server('good')), minVersion: 'TLSv1.3' },
    tls12: { ...(await server('good')), maxVersion: 'TLSv1.2' },
    old: { ...(await server('good')), minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    plain: 'plain',
    silent: 'silent',
  };
}

async function startTlsAgent(folder: TemporaryFolder, port: number): Promise<Daemon> {
  await folder.write('web.yml', 'tls_server_config: {cert_file: good.pem, key_file: good.key}\n');
  const config = await folder.write(
    'kmswatch.yml',
    `discovery: {domains: []}
ingest: {token: the-token-of-ingest}
hosts:
  - {name: kms01.corp.example, aliases: [KMS01], report: {push: {token: the-token-of-kms01}}}
  - {name: kms02.corp.example, report: {push: {token: the-token-of-kms02}}}
web: {listen: ["127.0.0.1:${port}"], config_file: web.yml}
`,
  );
  return startDaemon({
    command: [process.execPath, MAIN, 'run', '--config', config],
    cwd: REPOSITORY,
    env: { STATE_DIRECTORY: folder.path },
    ready: () => accepts(port),
    deadline: 120_000,
  });
}
