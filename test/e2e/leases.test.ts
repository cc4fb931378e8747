import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { MAIN, type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';
import { writeLog } from '../support/evtx/evtx-writer.ts';
import { fleetHistory } from '../support/fleet-history.ts';

const GUID = '930bd202-a335-4c7e-bd9d-7305361f0d37';
const TOKEN = 'a-token-of-the-test';
const CONFIG = `discovery: {domains: []}\ningest: {token: ${TOKEN}}\n`;
const Lease = z.looseObject({
  client: z.string(),
  state: z.string(),
  expiry: z.string().nullable(),
  product: z.string(),
});
const Forecast = z.looseObject({
  hosts: z.array(
    z.object({
      host: z.string(),
      class: z.string(),
      pool: z.string().nullable(),
      census: z.array(z.int()).nullable(),
      ends: z.array(z.int()),
    }),
  ),
});
const Page = z.object({ leases: z.array(Lease), next_cursor: z.string().nullable() });

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

let folder: TemporaryFolder;
let agent: RunningAgent;
let history = '';

async function kmswatch(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, STATE_DIRECTORY: agent.folder.path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    error += data.toString();
  });
  const [code] = await once(child, 'close');
  return { code, out, error };
}

async function leases(query = ''): Promise<z.infer<typeof Page>> {
  return Page.parse(await (await fetch(`${agent.url}/api/v1/leases?${query}`)).json());
}

beforeAll(async () => {
  folder = await temporaryFolder();
  history = fleetHistory(Date.now(), 60);
  agent = await startAgent({ config: CONFIG });
});
afterAll(async () => {
  await agent?.stop();
  await folder?.remove();
});

describe('from the log of a host to its leases', () => {
  it('takes what a shipper sends, once', async () => {
    const send = async () => {
      const response = await fetch(`${agent.url}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}` },
        body: history,
      });
      return [response.status, await response.json()];
    };
    const count = history.trimEnd().split('\n').length;
    expect(await send()).toEqual([200, { accepted: count, duplicate: 0, ignored: 0, rejected: [], rejected_count: 0 }]);
    expect(await send()).toEqual([200, { accepted: 0, duplicate: count, ignored: 0, rejected: [], rejected_count: 0 }]);
    expect(seriesValue(await agent.metrics(), 'kms_ingest_events_total{source="http",result="accepted"}')).toBe(count);
  });

  it('shows every machine at once', async () => {
    const page = await agent.metrics();
    expect(seriesValue(page, 'kms_host_active_clients{host="kms01.corp.example",pool="windows"}')).toBeGreaterThan(50);
    expect(seriesValue(page, 'kms_host_threshold_margin{host="kms01.branch.example",class="client"}')).toBe(14 - 25);
    expect(seriesValue(page, 'kms_leases{class="client",state="valid"}')).toBeGreaterThan(100);
    expect(seriesValue(page, 'kms_duplicate_client_ids')).toBe(1);
  });

  it('lists leases the soonest to expire first, page by page', async () => {
    const first = await leases('limit=50');
    const second = await leases(`limit=50&cursor=${first.next_cursor}`);
    const expiries = [...first.leases, ...second.leases].flatMap(({ expiry }) => expiry ?? []);
    expect(expiries).toEqual(expiries.toSorted());
    expect(new Set([...first.leases, ...second.leases].map((lease) => JSON.stringify(lease))).size).toBe(100);
  });

  it('finds machines by a part of their names', async () => {
    const { leases: found } = await leases('client=WS-001&limit=1000');
    expect(found.length).toBeGreaterThan(5);
    expect(found.every(({ client }) => client.includes('ws-001'))).toBe(true);
  });

  it('looks ahead', async () => {
    const { hosts } = Forecast.parse(await (await fetch(`${agent.url}/api/v1/forecast?days=40`)).json());
    const census =
      hosts.find(({ host, class: cls }) => host === 'kms01.corp.example' && cls === 'client')?.census ?? [];
    expect(census).toHaveLength(41);
    expect(census[0]).toBe(
      seriesValue(await agent.metrics(), 'kms_host_active_clients{host="kms01.corp.example",pool="windows"}'),
    );
    // Without any contact nobody is left after 30 days.
    expect(census[31]).toBe(0);
  });
});

describe('commands, while the agent has the store', () => {
  it('leases prints them as a table, as JSON and as CSV', async () => {
    const table = await kmswatch('leases', '--config', agent.config, '--state', 'unactivated');
    expect([table.code, table.error]).toEqual([0, '']);
    expect(table.out).toMatch(/^CLIENT +PRODUCT +STATE +ENDS +LAST REQUEST \(UTC\) +HOST\n.*unactivated +-/);
    const json = z
      .array(Lease)
      .parse(JSON.parse((await kmswatch('leases', '--config', agent.config, '--format', 'json')).out));
    const csv = (await kmswatch('leases', '--config', agent.config, '--format', 'csv')).out.trimEnd().split('\r\n');
    expect(csv).toHaveLength(json.length + 1);
    expect(csv[0]).toMatch(/^client,client_id,activation_id,product,class,pool,host,/);
  });

  it('explain tells a machine below the threshold why', async () => {
    const { code, out } = await kmswatch('explain', 'BR-0001', '--config', agent.config);
    expect(code).toBe(0);
    expect(out).toContain('kms01.branch.example counts 14 of');
    expect(out).toContain('Have 11 more machines ask kms01.branch.example within 30 days.');
  });

  it('explain tells what an unknown name can mean', async () => {
    const { code, out } = await kmswatch('explain', 'br-0091', '--config', agent.config);
    expect(code).toBe(1);
    expect(out).toContain('br-0091 has not asked any KMS host');
    expect(out).toMatch(/br-00\d\d/);
  });

  it('retire takes a machine out of every count', async () => {
    const counted = async () => (await leases('client=br-0002')).leases.length;
    expect(await counted()).toBeGreaterThan(0);
    expect(await kmswatch('retire', 'br-0002', '--config', agent.config)).toMatchObject({ code: 0 });
    expect(await counted()).toBe(0);
    expect((await leases('client=br-0002&state=retired')).leases.length).toBeGreaterThan(0);
    const unknown = await kmswatch('retire', 'nosuch', '--config', agent.config);
    expect([unknown.code, unknown.error]).toEqual([1, 'nosuch: no log has a request from this machine\n']);
  });

  it('retire says so when no machine was silent for so long', async () => {
    const { code, out } = await kmswatch('retire', '--silent-for', '3000d', '--config', agent.config);
    expect([code, out]).toEqual([0, expect.stringMatching(/^nothing to retire: /)]);
  });

  it('leases of a product that nobody knows names the nearest', async () => {
    const { code, error } = await kmswatch('leases', '--product', 'nosuch', '--config', agent.config);
    expect([code, error]).toEqual([0, expect.stringMatching(/^no lease of a product 'nosuch': .*Similar names:\n/)]);
  });

  it('explain of no name is a mistake of usage', async () => {
    const { code, error } = await kmswatch('explain', ' ', '--config', agent.config);
    expect([code, error]).toEqual([2, 'give the name of a machine: kmswatch explain NAME\n']);
  });

  it('import goes on after a file that cannot be read', async () => {
    const line = history.slice(0, history.indexOf('\n'));
    const good = await folder.write('good.ndjson', line);
    const missing = `${good}.missing`;
    const { code, out, error } = await kmswatch('import', missing, good, good, '--config', agent.config);
    expect([code, out]).toEqual([
      1,
      `${good}: 0 accepted, 1 duplicate, 0 ignored, 0 rejected\n`.repeat(2) +
        '3 files: 0 accepted, 2 duplicate, 0 ignored, 0 rejected, 1 only read in part\n',
    ]);
    expect(error).toContain(`${missing}: ENOENT`);
  });

  it('import reads a saved log that Windows did not close, and says where it is damaged', async () => {
    const records = Array.from({ length: 500 }, (_, index) => ({
      host: 'KMS77.corp.example.com',
      channel: 'Key Management Service',
      id: index === 499 ? 12_288 : 12_290,
      recordId: index + 1,
      time: Date.now() - 86_400_000 + 1000 * index,
      data: ['', '0x0', '25', 'saved-1', GUID, '2026/5/4 10:11', '0', '1', '249120', GUID],
    }));
    const log = writeLog(records, { flags: 1, chunks: 1 });
    // The length of a record in the second chunk.
    log.writeUInt32LE(0, log.indexOf('**\0\0', 100_000) + 4);
    const file = join(folder.path, 'kms.evtx');
    await writeFile(file, log);
    const { code, out, error } = await kmswatch('import', file, '--config', agent.config);
    expect([code, out]).toEqual([1, `${file}: 498 accepted, 0 duplicate, 1 ignored, 1 rejected\n`]);
    expect(error).toMatch(/kms\.evtx: record \d+: .*chunk 2 \(byte 69632 of the file\)/);
    expect((await leases('client=saved-1')).leases).toMatchObject([{ client: 'saved-1', state: 'valid' }]);
  });

  it('import reads a file, names what it cannot read, and takes nothing twice', async () => {
    const file = await folder.write('log.ndjson', `${history.slice(0, history.indexOf('\n'))}\n{"event_id": 12290}\n`);
    const { code, out, error } = await kmswatch('import', file, '--config', agent.config);
    expect([code, out]).toEqual([1, `${file}: 0 accepted, 1 duplicate, 0 ignored, 1 rejected\n`]);
    expect(error).toMatch(/record 2: /);
  });
});

describe('commands on the file itself', () => {
  it('say the same after the agent has ended', async () => {
    const before = await kmswatch('leases', '--config', agent.config, '--format', 'json');
    await agent.daemon.stop();
    const after = await kmswatch('leases', '--config', agent.config, '--format', 'json');
    const facts = (text: string) =>
      z
        .array(Lease)
        .parse(JSON.parse(text))
        .map(({ client, product, expiry }) => [client, product, expiry]);
    expect(facts(after.out)).toEqual(facts(before.out));
  });
});
