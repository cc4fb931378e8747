/** A pair of agents whose stores differ: how a new one is filled, and one list of machines that are gone for both. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { type RunningAgent, startAgent } from '../support/agent.ts';
import type { CommandResult } from '../support/command.ts';
import { fleetHistory } from '../support/fleet-history.ts';
import { spawnCommand } from '../support/spawn-command.ts';

const CONFIG = 'discovery: {domains: []}\ningest: {token: the-token-of-the-logs}\n';
const Page = z.object({ leases: z.array(z.looseObject({ client: z.string(), state: z.string() })) });

let folder: TemporaryFolder;
const pair: RunningAgent[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'history.ndjson'), fleetHistory(Date.now(), 60));
  pair.push(await startAgent({ config: CONFIG }));
});
afterAll(async () => {
  await Promise.all(pair.map((agent) => agent.stop()));
  await folder?.remove();
});

function kmswatch(agent: RunningAgent | undefined, ...args: readonly string[]): Promise<CommandResult> {
  const env = { ...process.env, STATE_DIRECTORY: agent?.folder.path };
  return spawnCommand([...args, '--config', agent?.config ?? ''], env);
}

async function leases(agent: RunningAgent | undefined, query = ''): Promise<z.infer<typeof Page>['leases']> {
  const response = await fetch(`${agent?.url}/api/v1/leases?limit=1000&${query}`);
  return Page.parse(await response.json()).leases;
}

it('a new agent knows what the first knew, by a copy that was made while it ran (docs/backup.md)', async () => {
  const [first] = pair;
  expect(await kmswatch(first, 'import', join(folder.path, 'history.ndjson'))).toMatchObject({ code: 0 });
  expect(await kmswatch(first, 'retire', 'br-0002')).toMatchObject({ code: 0 });
  const home = await temporaryFolder();
  const running = new DatabaseSync(join(first?.folder.path ?? '', 'kmswatch.db'), { readOnly: true });
  running.prepare('VACUUM INTO ?').run(join(home.path, 'kmswatch.db'));
  running.close();
  pair.push(await startAgent({ config: CONFIG, folder: home }));
  const known = (await leases(first)).map(({ client, state }) => `${client} ${state}`);
  expect(known.length).toBeGreaterThan(100);
  expect((await leases(pair[1])).map(({ client, state }) => `${client} ${state}`)).toEqual(known);
  expect((await leases(pair[1], 'state=retired')).map(({ client }) => client)).toEqual(['br-0002.branch.example']);
});

it('what one has not heard of it names, and retires the others of the list', async () => {
  const [first, second] = pair;
  const alone = fleetHistory(Date.now(), 60)
    .split('\n')
    .find((line) => line.includes('br-0003'))
    ?.replaceAll('br-0003', 'br-new1')
    .replace(/"record_id":\d+/, '"record_id":999999999');
  await writeFile(join(folder.path, 'alone.ndjson'), alone ?? '');
  expect(await kmswatch(first, 'import', join(folder.path, 'alone.ndjson'))).toMatchObject({ code: 0 });
  const list = join(folder.path, 'gone.txt');
  await writeFile(list, 'br-0004\nbr-new1\nbr-0005\n');
  expect(await kmswatch(first, 'retire', '--from', list)).toMatchObject({ code: 0 });
  const other = await kmswatch(second, 'retire', '--from', list);
  expect([other.code, other.error]).toEqual([1, 'br-new1: no log has a request from this machine\n']);
  const retired = async (agent: RunningAgent | undefined) =>
    [...new Set((await leases(agent, 'state=retired')).map(({ client }) => client.split('.')[0]))].sort();
  expect(await retired(first)).toEqual(['br-0002', 'br-0004', 'br-0005', 'br-new1']);
  expect(await retired(second)).toEqual(['br-0002', 'br-0004', 'br-0005']);
});
