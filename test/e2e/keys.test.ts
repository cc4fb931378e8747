import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { MAIN, type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';
import { PATIENT } from '../support/patient.ts';

const TOKEN = 'a-token-of-the-test';
const HOSTS = ['kms01.corp.example', 'kms02.corp.example'] as const;
const CONFIG = `
discovery: {domains: []}
probe: {schedule: "0 0 1 1 *"}
ingest: {token: ${TOKEN}}
hosts:
${HOSTS.map((name) => `  - {name: ${name}, port: 9, report: {push: {token: ${TOKEN}-${name}}}}`).join('\n')}
`;
const SERVER_2022 = '661f7658-7035-4b4c-9f35-010682943ec2';
const LTSC = '32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee';
const STANDARD_2022 = '9bd77860-9b31-4b7b-96ad-2564017315bf';
const NOT_COVERED = '0xC004F042';

const Conditions = z.object({
  conditions: z.array(
    z.looseObject({ name: z.string(), subject: z.record(z.string(), z.string()), summary: z.string() }),
  ),
});
const Keys = z.object({
  products: z.array(
    z.looseObject({ product: z.string(), hosts: z.array(z.looseObject({ host: z.string(), text: z.string() })) }),
  ),
});

let agent: RunningAgent;

beforeAll(async () => {
  agent = await startAgent({ config: CONFIG });
});
afterAll(async () => agent.stop());

function key(id: string, description: string, status = 1) {
  const application = '55c92734-d682-4d71-983e-d6ec3f16059f';
  return {
    ID: id,
    ApplicationID: application,
    Description: description,
    PartialProductKey: 'ABCDE',
    LicenseStatus: status,
  };
}
const HOST_KEY = key(SERVER_2022, 'Windows(R) Operating System, VOLUME_KMS_WS22 channel');
const CLIENT_KEY = key(STANDARD_2022, 'Windows(R) Operating System, VOLUME_KMSCLIENT channel');

async function push(host: string, body: unknown): Promise<readonly [number, string]> {
  const answer = await fetch(`${agent.url}/api/v1/reports/${host}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}-${host}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return [answer.status, await answer.text()];
}

function report(products: readonly unknown[], os = 'Microsoft Windows Server 2022 Standard') {
  return { time: new Date().toISOString(), service: { Version: '10.0.20348.1' }, products, os };
}

/** Client, activation id, N-policy and result; some minutes ago. */
async function ask(...requests: readonly (readonly [client: number, id: string, n: number, result: string])[]) {
  const lines = requests.map(([client, id, n, result], index) => {
    const time = new Date(Date.now() - (index + 1) * 60_000).toISOString();
    const guid = `1b2c3d4e-0000-4000-8000-${String(client).padStart(12, '0')}`;
    const fields = [
      result,
      n,
      `ws-${client}.corp.example`,
      guid,
      time.slice(0, 16).replaceAll('-', '/').replace('T', ' '),
      0,
      5,
      0,
      id,
    ];
    const body = { host: HOSTS[0], channel: 'Key Management Service', record_id: index + 1, time, event_id: 12290 };
    return JSON.stringify({ ...body, data: [fields.join(','), ...fields.map(String)] });
  });
  const answer = await fetch(`${agent.url}/api/v1/events`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}` },
    body: lines.join('\n'),
  });
  expect(await answer.json()).toMatchObject({ accepted: requests.length });
}

async function condition(name: string) {
  const answer = await fetch(`${agent.url}/api/v1/conditions`);
  return Conditions.parse(await answer.json()).conditions.filter((one) => one.name === name);
}

async function kmswatch(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, STATE_DIRECTORY: agent.folder.path };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const out = await text(child.stdout);
  await ended;
  return out;
}

it('names the key for the release that is refused, while others of the same activation id are served', async () => {
  expect((await push(HOSTS[0], report([HOST_KEY])))[0]).toBe(204);
  expect((await push(HOSTS[1], report([], 'Microsoft Windows Server 2019 Standard')))[0]).toBe(204);
  await ask(
    ...[1, 2, 3].map((client) => [client, LTSC, 25, '0x0'] as const),
    ...[7, 8].map((client) => [client, LTSC, 25, NOT_COVERED] as const),
    [9, STANDARD_2022, 5, '0x0'],
  );
  await vi.waitFor(async () => expect(await condition('KmsProductRefused')).toHaveLength(1), PATIENT);
  const [refused] = await condition('KmsProductRefused');
  expect(refused?.subject).toMatchObject({ host: HOSTS[0], class: 'client' });
  expect(refused?.summary).toContain('so this is Windows 11 LTSC 2024');
  const metrics = await agent.metrics();
  expect(metrics).toMatch(/^kms_products_refused\{host="kms01\.corp\.example",class="client",product="[^"]+"\} 1$/m);
  expect(seriesValue(metrics, `kms_product_covered{host="${HOSTS[0]}",product="Windows Server 2022 Standard"}`)).toBe(
    1,
  );
  expect(seriesValue(metrics, `kms_product_covered{host="${HOSTS[1]}",product="Windows Server 2022 Standard"}`)).toBe(
    0,
  );
  expect(metrics).toMatch(/^kms_host_key_info\{host="kms01[^}]*pool="windows"[^}]*partial_key="ABCDE"\} 1$/m);
  expect(await kmswatch('explain', 'ws-7')).toMatch(/needs the Windows Server 2025 KMS host key/);
});

it('shows hosts against products as a command, a page, CSV and JSON', async () => {
  const table = await kmswatch('keys');
  expect(table).toContain(
    'kms01.corp.example (Microsoft Windows Server 2022 Standard): Windows Server 2022 KMS host key',
  );
  expect(table).toContain('kms02.corp.example (Microsoft Windows Server 2019 Standard): no KMS host key');
  const needs =
    'needs the Windows Server 2025 KMS host key, which its Windows can take after KB5034768 or a later update';
  expect(await kmswatch('keys', '--product', 'server 2025 standard')).toContain(needs);
  const json = Keys.parse(JSON.parse(await kmswatch('keys', '--product', 'server 2025 standard', '--format', 'json')));
  const api = await (await fetch(`${agent.url}/api/v1/keys?product=server+2025+standard`)).json();
  expect(Keys.parse(api)).toEqual(json);
  expect(json.products[0]?.hosts.find(({ host }) => host === HOSTS[1])?.text).toBe(needs);
  expect(await (await fetch(`${agent.url}/keys?product=server+2025+standard`)).text()).toContain('KB5034768');
  const csv = await (await fetch(`${agent.url}/keys.csv`)).arrayBuffer();
  expect(Buffer.from(csv).toString('utf8')).toMatch(/^\u{feff}product,activation_id,.*\r\n/u);
});

it('tells a host that has lost its key, until it has one again', async () => {
  expect((await push(HOSTS[0], report([CLIENT_KEY])))[0]).toBe(204);
  await vi.waitFor(
    async () =>
      expect(await condition('KmsHostKeyMissing')).toContainEqual(
        expect.objectContaining({
          severity: 'critical',
          subject: expect.objectContaining({ host: HOSTS[0], pool: 'windows', keys: 'none' }),
          summary: `${HOSTS[0]} has no KMS host key at all, but activated Windows clients in the last 30 days`,
        }),
      ),
    PATIENT,
  );
  expect(seriesValue(await agent.metrics(), `kms_host_key_missing{host="${HOSTS[0]}",pool="windows"}`)).toBe(1);
  await push(HOSTS[0], report([HOST_KEY]));
  expect(seriesValue(await agent.metrics(), `kms_host_key_missing{host="${HOSTS[0]}",pool="windows"}`)).toBe(0);
});

it.each([
  ['the text of slmgr', 'Name: Windows(R), ServerStandard edition\nDescription: VOLUME_KMS_WS22 channel\n'],
  ['SoftwareLicensingService alone', { Version: '10.0', ClientMachineID: 'x', KeyManagementServiceListeningPort: 0 }],
  ['SoftwareLicensingProduct alone', [HOST_KEY]],
])('refuses %s as a report, by what it is, and names the script', async (what, body) => {
  const [status, answer] = await push(HOSTS[0], body);
  expect(status).toBe(400);
  expect(answer).toContain(what);
  expect(answer).toContain('report.ps1');
});
