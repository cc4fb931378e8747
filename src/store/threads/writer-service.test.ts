import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { syntheticRecord } from '../../../test/store/synthetic.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { FOREVER } from '../../../test/support/patient.ts';
import { seconds } from '../../kernel/time.ts';
import { openForReading } from '../database/database.ts';
import type { Message } from './messages.ts';
import { WriterService } from './writer-service.ts';

const NOW = 1_780_000_000;
let folder = '';
let service: WriterService;
let posted: Message[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-writer-'));
  posted = [];
  const start = { path: join(folder, 'kmswatch.db'), settings: DEFAULT_SETTINGS, now: seconds(NOW) };
  service = new WriterService(start, (message) => posted.push(message));
  expect(service.start(seconds(NOW))).toBeUndefined();
  posted = [];
});
afterEach(async () => {
  vi.useRealTimers();
  service.take({ id: 1000, now: seconds(NOW), name: 'close', args: [] });
  await expect.poll(answered).toContain(1000);
  await rm(folder, { recursive: true });
});

function report(id: number): void {
  const counts = [{ key: 'k', pool: 'windows' as const, clients: id }];
  const told = { host: hostName(`kms${id}.corp.example`), time: seconds(NOW), counts, activationInterval: undefined };
  service.take({ id, now: seconds(NOW), name: 'takeReport', args: [told] });
}

function logRead(id: number): void {
  const records = JSON.stringify([syntheticRecord(id, NOW - 5000)]);
  const bookmark = { host: hostName('kms1.corp.example'), bookmark: `<Bookmark n="${id}"/>` };
  service.take({
    id,
    now: seconds(NOW),
    name: 'ingest',
    args: ['winrm', records, 1, { ignored: 0, rejected: 0 }, bookmark],
  });
}

function answered(): readonly number[] {
  return posted.flatMap(({ answers }) => answers.map(({ id }) => id));
}

it('takes reports that come one by one in a few commits, and changes the version with each', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const ids = Array.from({ length: 40 }, (_, index) => index + 1);
  for (const id of ids) {
    report(id);
    await vi.advanceTimersByTimeAsync(5);
  }
  await vi.advanceTimersByTimeAsync(250);
  await expect.poll(answered).toEqual(ids);
  // One for the first, and one for those of the 250 ms after it.
  expect(posted).toHaveLength(2);
  expect(new Set(posted.map(({ version }) => version)).size).toBe(2);
});

it('leaves the version as it is where nothing changes that is counted', async () => {
  logRead(1);
  service.take({ id: 2, now: seconds(NOW), name: 'logBookmark', args: [hostName('kms1.corp.example')] });
  await expect.poll(answered).toEqual([1, 2]);
  service.take({ id: 3, now: seconds(NOW), name: 'aggregates', args: [] });
  await expect.poll(answered).toEqual([1, 2, 3]);
  const [first, second, third] = posted.map(({ version }) => version);
  expect([second, third]).toEqual([first, first]);
  logRead(4);
  await expect.poll(answered).toContain(4);
  expect(posted.at(-1)?.version).not.toBe(first);
});

it('lets no other call wait for reports, and keeps the order of calls', async () => {
  report(1);
  await expect.poll(answered).toEqual([1]);
  report(2);
  report(3);
  service.take({ id: 4, now: seconds(NOW), name: 'logBookmark', args: [hostName('kms2.corp.example')] });
  // Two turns: one for the reports, one for what waits behind them.
  for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
  expect(answered()).toEqual([1, 2, 3, 4]);
});

it('empties the log of what was erased once no reader needs it any more', async () => {
  const record = syntheticRecord(1, NOW - 5000);
  const machine = record.body.kind === 'request' ? record.body.machine : '';
  const isInFiles = async () => {
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')));
    return files.join('').includes(machine);
  };
  logRead(1);
  await expect.poll(answered).toEqual([1]);
  const reader = openForReading(join(folder, 'kmswatch.db'));
  reader.exec('BEGIN; SELECT count(*) FROM records');
  service.take({ id: 2, now: seconds(NOW), name: 'erase', args: [[machine]] });
  await expect.poll(answered, { timeout: FOREVER }).toEqual([1, 2]);
  expect(await isInFiles()).toBe(true);

  reader.close();
  service.take({ id: 3, now: seconds(NOW), name: 'tick', args: [] });
  await expect.poll(answered, { timeout: FOREVER }).toEqual([1, 2, 3]);
  expect(await isInFiles()).toBe(false);
});
