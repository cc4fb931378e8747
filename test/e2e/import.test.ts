import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LeasesAnswer } from '../../src/web/api/schemas.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { type RunningAgent, startAgent } from '../support/agent.ts';
import type { CommandResult } from '../support/command.ts';
import { writeLog } from '../support/evtx/evtx-writer.ts';
import { requests } from '../support/evtx/requests.ts';
import { fleetHistory } from '../support/fleet-history.ts';
import { onTerminal } from '../support/on-terminal.ts';
import { spawnCommand } from '../support/spawn-command.ts';

const GUID = '930bd202-a335-4c7e-bd9d-7305361f0d37';

let folder: TemporaryFolder;
let agent: RunningAgent;
/** A record in the agent's own form. */
let line = '';
/** What import says first. */
let into = '';

/** Beside the agent, whose socket it finds. */
function kmswatch(...args: readonly string[]): Promise<CommandResult> {
  return spawnCommand([...args, '--config', agent.config], { ...process.env, STATE_DIRECTORY: agent.folder.path });
}

beforeAll(async () => {
  folder = await temporaryFolder();
  const history = fleetHistory(Date.now(), 1);
  line = history.slice(0, history.indexOf('\n'));
  agent = await startAgent({ config: 'discovery: {domains: []}\n' });
  into = `into ${join(agent.folder.path, 'kmswatch.db')} (through the running agent)\n`;
  await kmswatch('import', await folder.write('first.ndjson', line));
});
afterAll(async () => {
  await agent?.stop();
  await folder?.remove();
});

it('refuses a table of Event Viewer once, by its name, and an empty file', async () => {
  const table = await folder.write('kms.csv', 'Ebene,Datum,Quelle,ID\nInfo,27.11.2026 03:15:30,SPP,12290\n'.repeat(9));
  const { code, out, error } = await kmswatch('import', table);
  expect([code, out]).toEqual([1, `${into}${table}: 0 accepted, 0 duplicate, 0 ignored, 1 rejected\n`]);
  expect(error).toMatch(/^\S+kms\.csv: a CSV file of Event Viewer cannot be read: [^\n]+\n$/);
  const empty = await folder.write('empty.xml', '');
  const nothing = await kmswatch('import', empty);
  expect([nothing.code, nothing.error]).toEqual([1, expect.stringContaining('the file is empty')]);
  for (const [name, text, words] of [
    ['none.json', '[]', 'there is no record in it'],
    ['none.xml', '<Events></Events>', 'there is no record in it'],
    ['none.csv', 'Name,DNSHostName\r\n', 'it has no row'],
  ] as const) {
    const none = await kmswatch('import', await folder.write(name, text));
    expect([none.code, none.error]).toEqual([1, expect.stringContaining(words)]);
  }
});

it('refuses a list once, by its name, with the same last line as a log', async () => {
  const ldif = await folder.write('computers.ldif', 'dn: CN=WS-1,DC=corp\nobjectClass: computer\ncn: WS-1\n');
  const { code, out, error } = await kmswatch('import', ldif);
  expect([code, out]).toEqual([1, `${into}${ldif}: 0 accepted, 0 duplicate, 0 ignored, 1 rejected\n`]);
  expect(error).toMatch(/^\S+computers\.ldif: it is LDIF: [^\n]+\n$/);
});

it('does not read a device that has no end, once it is clear that it is no log', async () => {
  const { code, out, error } = await kmswatch('import', '/dev/zero');
  expect([code, out]).toEqual([1, `${into}/dev/zero: 0 accepted, 0 duplicate, 0 ignored, 1 rejected\n`]);
  expect(error).toContain('a binary file of another program cannot be read');
});

it('makes no second database where nobody has said so', async () => {
  const file = await folder.write('one.ndjson', line);
  const home = join(folder.path, 'home');
  const args = ['import', file, '--config', await folder.write('relative.yml', 'store: {path: other.db}\n')];
  const { STATE_DIRECTORY: _, XDG_STATE_HOME: __, ...env } = process.env;
  for (const place of [{}, { XDG_STATE_HOME: join(home, 'state') }]) {
    const { code, out, error } = await spawnCommand(args, { ...env, HOME: home, ...place });
    expect([code, out]).toEqual([1, '']);
    expect(error).toMatch(/there is no database \S+other\.db, and no agent that uses it\. .*STATE_DIRECTORY/);
  }
  const made = await spawnCommand(args, { ...env, HOME: home, STATE_DIRECTORY: home });
  expect([made.code, made.out]).toEqual([
    0,
    expect.stringContaining(`into ${join(home, 'other.db')} (no agent is running there)\n`),
  ]);
});

it.each([
  ['n', 1],
  ['y', 0],
])('asks on a terminal before it makes a second database: %s', async (answer, expected) => {
  const file = await folder.write('one.ndjson', line);
  const home = join(folder.path, `home-${answer}`);
  const config = await folder.write('relative.yml', 'store: {path: other.db}\n');
  const { STATE_DIRECTORY: _, XDG_STATE_HOME: __, ...env } = process.env;
  const { code, screen } = await onTerminal(['import', file, '--config', config], answer, { ...env, HOME: home });
  expect([code, screen]).toEqual([expected, expect.stringMatching(/no database \S+other\.db.*Make a new one here\?/)]);
  expect(screen.includes('1 accepted')).toBe(expected === 0);
  expect(existsSync(join(home, '.local/state/kmswatch/other.db'))).toBe(expected === 0);
});

it('goes on after a file that cannot be read', async () => {
  const good = await folder.write('good.ndjson', line);
  const missing = `${good}.missing`;
  const { code, out, error } = await kmswatch('import', missing, folder.path, good, good);
  expect([code, out]).toEqual([
    1,
    into +
      `${good}: 0 accepted, 1 duplicate, 0 ignored, 0 rejected\n`.repeat(2) +
      '4 files: 0 accepted, 2 duplicate, 0 ignored, 0 rejected, 2 not read to the end\n',
  ]);
  expect(error).toContain(`${missing}: there is no such file; check the path\n`);
  expect(error).toContain(`${folder.path}: it is a directory; specify a file\n`);
});

it('reads a saved log that Windows did not close, and says where it is damaged', async () => {
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
  const { code, out, error } = await kmswatch('import', file);
  expect([code, out]).toEqual([1, `${into}${file}: 498 accepted, 0 duplicate, 1 ignored, 1 rejected\n`]);
  expect(error).toMatch(/kms\.evtx: [^\n]*chunk 2 \(byte 69632 of the file\)/);
  const { leases } = LeasesAnswer.parse(await (await fetch(`${agent.url}/api/v1/leases?client=saved-1`)).json());
  expect(leases).toMatchObject([{ client: 'saved-1', state: 'valid' }]);
});

it('folds what is wrong with a saved log that was copied as text', async () => {
  const file = join(folder.path, 'text.evtx');
  const log = writeLog(requests(2000)).toString('latin1').replaceAll('\n', '\r\n');
  await writeFile(file, log, 'latin1');
  const { code, error } = await kmswatch('import', file);
  expect([code, error]).toEqual([1, expect.stringMatching(/text\.evtx: the log is damaged in \d+ places/)]);
  expect(error).toContain('copy it again, in binary');
  expect(error.trimEnd().split('\n')).toHaveLength(5);
});

it('says that a log is not of KMS, and that records are too old to be kept', async () => {
  const other = { ...JSON.parse(line), event_id: 7036 };
  const system = await folder.write('system.ndjson', `${JSON.stringify(other)}\n`.repeat(2));
  const foreign = await kmswatch('import', system);
  expect([foreign.code, foreign.error]).toEqual([
    0,
    expect.stringMatching(/none of its 2 records is of KMS .*save the log "Key Management Service"/),
  ]);
  const old = await folder.write(
    'old.ndjson',
    JSON.stringify({ ...other, event_id: 12290, time: '2020-05-04T10:11:12Z' }),
  );
  const { error } = await kmswatch('import', old);
  expect(error).toMatch(/1 record ignored: older than store\.history/);
});

it('reads a file, names what it cannot read, and takes nothing twice', async () => {
  const file = await folder.write('log.ndjson', `${line}\n{"event_id": 12290}\n`);
  const { code, out, error } = await kmswatch('import', file);
  expect([code, out]).toEqual([1, `${into}${file}: 0 accepted, 1 duplicate, 0 ignored, 1 rejected\n`]);
  expect(error).toMatch(/record 2: /);
});
