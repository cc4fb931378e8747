import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';
import type { CommandResult } from '../support/command.ts';
import { fleetHistory, keepComing } from '../support/fleet-history.ts';
import { onTerminal } from '../support/on-terminal.ts';
import { spawnCommand } from '../support/spawn-command.ts';

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

let folder: TemporaryFolder;
let agent: RunningAgent;
let history = '';
let endHistory = () => {};

function kmswatch(...args: readonly string[]): Promise<CommandResult> {
  return spawnCommand(args, besideTheAgent());
}

/** The environment of a command that finds the socket of the agent. */
function besideTheAgent(): NodeJS.ProcessEnv {
  return { ...process.env, STATE_DIRECTORY: agent.folder.path };
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
  endHistory();
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
    endHistory = keepComing(agent.url, TOKEN);
  });

  it('shows every machine at once', async () => {
    const page = await agent.metrics();
    expect(seriesValue(page, 'kms_host_active_clients{host="kms01.corp.example",pool="windows"}')).toBeGreaterThan(50);
    // Its first request is 12 days old, and nobody knows whom it had counted before.
    expect(seriesValue(page, 'kms_host_active_clients{host="kms01.branch.example",pool="windows"}')).toBe(14);
    expect(page).not.toContain('kms_host_threshold_margin{host="kms01.branch.example"');
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
    // The history of its hosts has just been sent.
    expect([table.code, table.error]).toEqual([
      0,
      expect.stringMatching(/^Still reading: the log of .* once it is read\.\n$/),
    ]);
    expect(table.out).toMatch(/^CLIENT +PRODUCT +STATE +ENDS +LAST REQUEST \(UTC\) +HOST\n.*unactivated +-/);
    const json = z
      .array(Lease)
      .parse(JSON.parse((await kmswatch('leases', '--config', agent.config, '--format', 'json')).out));
    const csv = (await kmswatch('leases', '--config', agent.config, '--format', 'csv')).out.trimEnd().split('\r\n');
    expect(csv).toHaveLength(json.length + 1);
    expect(csv[0]).toMatch(/^\u{feff}client,client_id,activation_id,product,class,pool,host,/u);
    const ofBranch = ['leases', '--config', agent.config, '--format', 'json', '--host', 'KMS01.Branch.Example.'];
    const branch = json.filter(({ host }) => host === 'kms01.branch.example');
    expect(branch).not.toEqual([]);
    expect(JSON.parse((await kmswatch(...ofBranch)).out)).toHaveLength(branch.length);
  });

  it('explain has no verdict and no remedy while the log of the host is coming in', async () => {
    const { code, out } = await kmswatch('explain', 'BR-0001', '--config', agent.config);
    expect(code).toBe(0);
    expect(out).toMatch(/^\? Still reading: the log of kms01\.branch\.example, so far until /);
    expect(out).toContain('WHAT TO DO\n1. Ask again once the log is read.\n\nLAST REQUESTS');
    expect(out).not.toMatch(/Verdict|below the threshold|has seen/);
  });

  it('explain tells a machine below the threshold why, once a record of now has come', async () => {
    endHistory();
    const recent = { channel: 'Application', record_id: 999_999, event_id: 12294, time: new Date().toISOString() };
    const hosts = ['kms01.branch', 'kms01.servers', 'kms01.corp', 'kms05.corp'].map((name) => `${name}.example`);
    const sent = await fetch(`${agent.url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: hosts.map((host) => JSON.stringify({ ...recent, host, data: ['corp.example'] })).join('\n'),
    });
    expect(await sent.json()).toMatchObject({ accepted: 4 });
    const { code, out } = await kmswatch('explain', 'BR-0001', '--config', agent.config);
    expect(code).toBe(0);
    const words = out.replaceAll(/\s+/g, ' ');
    expect(words).toContain(
      'this product needs 25 clients in 30 days, and kmswatch has seen 14 at kms01.branch.example',
    );
    expect(words).toContain(
      'kmswatch does not have its log for all of the 30 days, so the host may have counted more.',
    );
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

  it('retire is taken back by --undo', async () => {
    const counted = async () => (await leases('client=br-0003')).leases.length;
    const before = await counted();
    expect(before).toBeGreaterThan(0);
    await kmswatch('retire', 'br-0003', '--config', agent.config);
    expect(await counted()).toBe(0);
    const dry = await kmswatch('retire', '--undo', '--dry-run', 'BR-0003', '--config', agent.config);
    expect([dry.code, dry.out]).toEqual([0, 'would take back the retirement of br-0003\n']);
    expect((await leases('client=br-0003&state=retired')).leases.length).toBeGreaterThan(0);
    const undone = await kmswatch('retire', '--undo', 'BR-0003', '--config', agent.config);
    expect([undone.code, undone.out]).toEqual([0, 'no longer retired: br-0003\n']);
    expect(await counted()).toBe(before);
    expect(await kmswatch('retire', '--undo', 'br-0003', '--config', agent.config)).toMatchObject({ code: 1 });
    const log = agent.daemon.output();
    expect(log).toMatch(/"by":"[^"]+","machines":\["br-0003"\],"msg":"machines were retired"/);
    expect(log).toContain('retirements were taken back');
  });

  it('retire of many asks first, and retires nothing when nobody can answer', async () => {
    const all = (await leases('limit=1000')).leases.length;
    const silent = ['retire', '--silent-for', '1m', '--config', agent.config];
    expect(await kmswatch(...silent)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/1m is shorter than a lease .*--force/),
    });
    const refused = await kmswatch(...silent, '--force');
    expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('--yes') });
    expect(refused.out).toMatch(
      /^\d+ machines of \d+, with \d+ leases, \d+ of them lapsed or within 30d of their end\n$/,
    );
    const asked = await onTerminal([...silent, '--force'], 'n', besideTheAgent());
    expect([asked.code, asked.screen]).toEqual([1, expect.stringMatching(/Retire them\?[\s\S]*nothing was retired/)]);
    const dry = await kmswatch(...silent, '--force', '--dry-run');
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('\nwould retire ') });
    expect((await leases('limit=1000')).leases.length).toBe(all);
  });

  it('retire of many goes on when somebody says yes, and is taken back', async () => {
    const names = (await leases('limit=1000&client=ws-')).leases.map(({ client }) => client);
    const some = [...new Set(names)].slice(0, 25);
    expect(some.length).toBeGreaterThan(20);
    const { code, screen } = await onTerminal(['retire', ...some, '--config', agent.config], 'y', besideTheAgent());
    expect([code, screen]).toEqual([0, expect.stringMatching(/Retire them\?[\s\S]*retired ws-/)]);
    expect((await leases('limit=1000&client=ws-&state=retired')).leases.length).toBeGreaterThanOrEqual(some.length);
    expect(await kmswatch('retire', '--undo', ...some, '--config', agent.config)).toMatchObject({ code: 0 });
  });

  it('retire reads names from any list, and as the directory writes them', async () => {
    const file = join(folder.path, 'sold.csv');
    const full = (await leases('client=br-0004')).leases[0]?.client;
    const table = `\ufeff"Ort";"Name";"DNSHostName"\r\n"Bonn";"BR-0004";"${full}"\r\n`;
    await writeFile(file, Buffer.from(table, 'utf16le'));
    const dry = await kmswatch('retire', '--from', file, 'CORP\\BR-0005$', '--dry-run', '--config', agent.config);
    expect([dry.code, dry.error]).toEqual([0, '']);
    expect(dry.out.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^would retire br-0005/),
      expect.stringMatching(/^would retire br-0004/),
      '',
    ]);
    const wrong = await kmswatch(
      'retire',
      '--from',
      await folder.write('x.csv', 'Ort;Typ\nBonn;PC\n'),
      '--config',
      agent.config,
    );
    expect([wrong.code, wrong.error]).toEqual([1, expect.stringContaining('no column has names of machines')]);
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
