import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIN, type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';

const TOKEN = 'a-token-of-the-test';
const DAY = 86_400_000;
const PRO = '73111121-5638-40f6-bc11-f1d7b0d64300';
const BEARER = { authorization: `Bearer ${TOKEN}` };

let agent: RunningAgent;
let list: string;

/** So many days ago, as RFC 3339. */
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString();

function request(machine: string, client: number, days: number, index: number) {
  const id = `00000000-0000-4000-8000-${String(client).padStart(12, '0')}`;
  const data = ['0x0', '25', machine, id, '2026/11/01 10:00', '0', '1', '249000', PRO];
  const log = { host: 'kms01.corp.example', channel: 'Key Management Service', event_id: 12290 };
  return JSON.stringify({ ...log, record_id: index, time: ago(days), data: [data.join(','), ...data] });
}

async function kmswatch(...args: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  const env = { ...process.env, STATE_DIRECTORY: agent.folder.path };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let error = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (error += data.toString()));
  const [code] = await once(child, 'close');
  return { code, out, error };
}

async function get(path: string): Promise<string> {
  const answer = await fetch(`${agent.url}${path}`);
  return answer.text();
}

/** The verdict of each machine, as the API has it. */
async function verdicts(query = ''): Promise<Record<string, string>> {
  const page: { machines: { machine: string; verdict: string }[] } = JSON.parse(await get(`/api/v1/machines${query}`));
  return Object.fromEntries(page.machines.map(({ machine, verdict }) => [machine, verdict]));
}

beforeAll(async () => {
  agent = await startAgent({
    config: `discovery: {domains: []}
ingest: {token: ${TOKEN}}
inventory: {token: ${TOKEN}, files: [{path: computers.csv}]}
`,
  });
  list = join(agent.folder.path, 'computers.csv');
  const records = [
    ...[40, 33, 26, 19].map((days, index) => request('ws-silent.corp.example', 1, days, index + 1)),
    ...[36, 29, 22, 15, 8, 1].map((days, index) => request('WS-GOOD', 2, days, index + 10)),
    request('ws-old.corp.example', 3, 60, 20),
  ];
  const taken = await fetch(`${agent.url}/api/v1/events`, {
    method: 'POST',
    headers: BEARER,
    body: records.join('\n'),
  });
  expect(await taken.json()).toMatchObject({ accepted: 11 });
});
afterAll(() => agent.stop());

describe('every machine', () => {
  it('is of the logs alone while there is no list', async () => {
    expect(await verdicts()).toEqual({
      'ws-good': 'renewing',
      'ws-old.corp.example': 'renewing',
      'ws-silent.corp.example': 'renewing',
    });
  });

  it('is judged by a file as soon as it is written, and by one that changes', async () => {
    const rows = [
      `WS-GOOD.corp.example,${ago(1)},True`,
      `ws-silent.corp.example,${ago(1)},True`,
      `ws-old.corp.example,${ago(120)},True`,
      `ws-left.corp.example,${ago(2)},False`,
    ];
    await writeFile(list, `Name,LastLogonDate,Enabled\n${rows.join('\n')}\n`);
    await expect
      .poll(() => verdicts())
      .toEqual({
        'ws-good.corp.example': 'renewing',
        'ws-left.corp.example': 'gone',
        'ws-old.corp.example': 'gone',
        'ws-silent.corp.example': 'not_renewing',
      });
  });

  it('is judged by what is posted, once it was answered', async () => {
    const body = JSON.stringify([
      { Name: 'ws-good', LastSeen: ago(1) },
      { Name: 'ws-new.corp.example', LastSeen: ago(1) },
    ]);
    const answer = await fetch(`${agent.url}/api/v1/machines`, { method: 'POST', headers: BEARER, body });
    expect(await answer.json()).toMatchObject({ machines: 2, source: 'http' });
    expect(await verdicts('?client=ws-new')).toHaveProperty(['ws-new.corp.example']);
    expect(await verdicts('?verdict=not_renewing')).toEqual({ 'ws-silent.corp.example': 'not_renewing' });
    expect(await verdicts('?silent_for=30d')).not.toHaveProperty(['ws-good.corp.example']);
  });

  it('is on the page, in the CSV and in the metrics', async () => {
    const page = await get('/machines');
    expect(page).toContain('ws-silent');
    expect(page).toContain('not renewing');
    expect(await get('/machines.csv?separator=;')).toMatch(/^machine;other_names;verdict;.*\r\n/);
    const metrics = await get('/metrics');
    expect(seriesValue(metrics, 'kms_machines{verdict="gone"}')).toBe(2);
    expect(seriesValue(metrics, 'kms_machines_not_renewing{class="client",verdict="not_renewing"}')).toBe(1);
    expect(seriesValue(metrics, 'kms_inventory_machines{source="computers.csv"}')).toBe(4);
    expect(seriesValue(metrics, 'kms_inventory_stale{source="http"}')).toBe(0);
  });

  it('may say of itself how it is activated, and which host it asks in vain', async () => {
    const log = { channel: 'Application', record_id: 7, time: ago(0) };
    const asked =
      '0xC004F074, 0x0, kms99.corp.example:1688, 36f27b39-2fd5-440b-be67-a09996d27a38, 2026/09/29 17:52, 0, 2, 41760';
    const events = [
      { host: 'ws-adba.corp.example', ...log, event_id: 12308, data: [PRO, 'Windows(R)', 'CN=x'] },
      { host: 'ws-vain.corp.example', ...log, event_id: 12288, data: [`${asked}, ${PRO}, 25`] },
    ].map((event) => JSON.stringify(event));
    const send = async () =>
      (await fetch(`${agent.url}/api/v1/events`, { method: 'POST', headers: BEARER, body: events.join('\n') })).json();
    expect(await send()).toMatchObject({ accepted: 2, duplicate: 0 });
    expect(await send()).toMatchObject({ accepted: 0, duplicate: 2 });
    expect(await verdicts('?client=ws-adba')).toEqual({ 'ws-adba.corp.example': 'other_activation' });
    expect(await verdicts('?client=ws-vain')).toEqual({ 'ws-vain.corp.example': 'failing' });
  });

  it('is listed and explained by commands', async () => {
    const { out } = await kmswatch('machines', '--verdict', 'not_renewing');
    expect(out).toMatch(/^MACHINE +VERDICT.*\nws-silent\.corp\.example +not_renewing.*computers\.csv/);
    // Once a record of now has come, the log is read.
    const recent = { host: 'kms01.corp.example', channel: 'Application', record_id: 9, event_id: 12294, time: ago(0) };
    const body = JSON.stringify({ ...recent, data: ['corp.example'] });
    const sent = await fetch(`${agent.url}/api/v1/events`, { method: 'POST', headers: BEARER, body });
    expect(await sent.json()).toMatchObject({ accepted: 1 });
    const told = await kmswatch('explain', 'ws-left');
    expect(told.out).toMatch(/^ws-left\.corp\.example\nVerdict: gone since .*disabled/s);
    expect(told.code).toBe(0);
  });

  it('is retired if it is gone', async () => {
    const { out, code, error } = await kmswatch('retire', '--gone');
    expect({ error, code }).toEqual({ error: '', code: 0 });
    expect(out).toContain('retired ws-old.corp.example');
    expect((await kmswatch('retire', '--gone')).out).toContain('nothing to retire');
  });
});
