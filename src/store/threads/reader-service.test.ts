import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { HOST, NOW, PRO, requestRecord } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { openForWriting } from '../database/database.ts';
import { Engine } from './engine.ts';
import { type ReaderCall, ReaderService } from './reader-service.ts';

let folder = '';
let writer: DatabaseSync;
let engine: Engine;
let reader: ReaderService;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-reader-'));
  const path = join(folder, 'kmswatch.db');
  writer = openForWriting(path);
  engine = new Engine(writer, DEFAULT_SETTINGS, seconds(NOW));
  ingest(1);
  reader = new ReaderService({ path, settings: DEFAULT_SETTINGS, now: seconds(NOW) });
});
afterEach(async () => {
  vi.restoreAllMocks();
  ask({ name: 'close', args: [] });
  writer.close();
  await rm(folder, { recursive: true });
});

function ingest(client: number): void {
  const records = [requestRecord({ client })];
  engine.ingest([{ source: 'http', records, unread: { ignored: 0, rejected: 0 } }], seconds(NOW));
}

function ask(call: Omit<ReaderCall, 'id' | 'now'>): unknown {
  const answer = reader.answer({ ...call, id: 7, now: NOW } as ReaderCall);
  if (answer instanceof Promise) throw new Error('it is not answered at once');
  expect(answer.id).toBe(7);
  return 'failure' in answer ? answer.failure : answer.value;
}

const LEASES: Omit<ReaderCall, 'id' | 'now'> = { name: 'leases', args: [{ sort: 'client' }] };

it('sees what was committed when the question came', () => {
  expect(ask(LEASES)).toMatchObject({ leases: [{ client: 'ws1.corp.test' }] });
  ingest(2);
  expect(ask(LEASES)).toMatchObject({ leases: [{ client: 'ws1.corp.test' }, { client: 'ws2.corp.test' }] });
  expect(ask({ name: 'recent', args: [5] })).toHaveLength(2);
  expect(ask({ name: 'explain', args: ['ws2'] })).toMatchObject({ kind: 'seen', machine: 'ws2.corp.test' });
});

it('names the hosts whose history is still coming in, and until when it has come', () => {
  expect(ask({ name: 'reading', args: [] })).toEqual([]);
  const time = NOW - 9 * DAY_S;
  const records = [requestRecord({ client: 2, host: 'kms2.corp.test', time })];
  engine.ingest([{ source: 'http', records, unread: { ignored: 0, rejected: 0 } }], seconds(NOW));
  expect(ask({ name: 'reading', args: [] })).toEqual([{ host: 'kms2.corp.test', lastRecord: time }]);
});

it('refuses a question that makes no sense, and answers the next', () => {
  expect(ask({ name: 'leases', args: [{ limit: 0 }] })).toMatchObject({ reason: 'bad_query' });
  expect(ask(LEASES)).toMatchObject({ leases: [{}] });
});

it('answers by a new configuration', () => {
  expect(ask(LEASES)).toMatchObject({ leases: [{ product: 'Windows 10/11 Pro' }] });
  const products = [{ activationId: PRO, name: 'Our Windows', cls: 'client' as const }];
  ask({ name: 'configure', args: [{ ...DEFAULT_SETTINGS, products }] });
  expect(ask(LEASES)).toMatchObject({ leases: [{ product: 'Our Windows' }] });
});

/** As if a look at the clock took so long: the join of one machine then takes as long as that of very many. */
function slowly(milliseconds: number): void {
  let at = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => (at += milliseconds));
}

const MACHINES = { name: 'machines', args: [{}], id: 8, now: seconds(NOW) } as const satisfies ReaderCall;

it('answers a question about machines by the configuration that came while they were joined', async () => {
  slowly(400);
  const answered = reader.answer(MACHINES);
  const products = [{ activationId: PRO, name: 'Our Windows', cls: 'client' as const }];
  ask({ name: 'configure', args: [{ ...DEFAULT_SETTINGS, products }] });
  expect(await answered).toMatchObject({ id: 8, value: { machines: [{ products: [{ product: 'Our Windows' }] }] } });
});

it('does not answer a question about machines after it was closed', async () => {
  slowly(400);
  const answered = reader.answer(MACHINES);
  ask({ name: 'close', args: [] });
  expect(await answered).toMatchObject({ id: 8, failure: { reason: 'closed' } });
});

it('survives if it is closed while it joins machines for the next question', async () => {
  slowly(400);
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  await reader.answer(MACHINES);
  ingest(2);
  slowly(1_000_000);
  expect(await reader.answer(MACHINES)).toMatchObject({ value: { machines: [{ machine: 'ws1.corp.test' }] } });
  ask({ name: 'close', args: [] });
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  const found = await reader.answer(MACHINES);
  expect(found).toMatchObject({ value: { machines: [{ machine: 'ws1.corp.test' }, { machine: 'ws2.corp.test' }] } });
});

const COUNTS = { name: 'machineCounts', args: [], id: 9, now: seconds(NOW) } as const satisfies ReaderCall;

it('says of a count of machines whether all that was committed is in it', async () => {
  const isNewest = (is: boolean) => ({ value: { isNewest: is, counts: { machines: { renewing: 1 } } } });
  slowly(400);
  const first = reader.answer(COUNTS);
  // It asks while the first join, which may have begun before the newest commit, is under way.
  const meanwhile = reader.answer(COUNTS);
  expect(await first).toMatchObject(isNewest(true));
  expect(await meanwhile).toMatchObject(isNewest(false));
  expect(await reader.answer(COUNTS)).toMatchObject(isNewest(true));
  // A join that takes long is not waited for.
  ingest(2);
  expect(await reader.answer(COUNTS)).toMatchObject(isNewest(false));
});

it('says at once that many machines are still being compared, if nobody is to wait for it', async () => {
  writer.exec(`INSERT INTO inventory_sources (name, read_at, machines) VALUES ('a long list', ${NOW}, 1000000)`);
  const atOnce = { ...MACHINES, args: [{ atOnce: true }] } as const satisfies ReaderCall;
  expect(await reader.answer(atOnce)).toMatchObject({ failure: { reason: 'comparing' } });
  expect(await reader.answer(MACHINES)).toMatchObject({ value: { machines: [{ machine: 'ws1.corp.test' }] } });
  expect(await reader.answer(atOnce)).toMatchObject({ value: { machines: [{ machine: 'ws1.corp.test' }] } });
});

it('compares few machines for whoever does not want to wait', async () => {
  const atOnce = { ...MACHINES, args: [{ atOnce: true }] } as const satisfies ReaderCall;
  expect(await reader.answer(atOnce)).toMatchObject({ value: { machines: [{ machine: 'ws1.corp.test' }] } });
});

it('says nothing of a machine that was known in joins before of the one in its place', async () => {
  const joined = async () => (await reader.answer(MACHINES)) as unknown;
  expect(await joined()).toMatchObject({ value: { machines: [{ machine: 'ws1.corp.test', host: HOST }] } });
  const seen = { seen: seconds(NOW), disabled: true, system: null, otherNames: [], licences: [] };
  for (const machine of ['a1.corp.test', 'b1.corp.test']) {
    engine.takeInventoryPart({ source: machine, readAt: seconds(NOW), machines: [{ ...seen, machine }], total: 1 });
    await joined();
  }
  expect(await joined()).toMatchObject({
    value: {
      machines: [
        { machine: 'a1.corp.test', verdict: 'gone', host: null, last_request: null },
        { machine: 'b1.corp.test', verdict: 'gone', host: null, last_request: null },
        { machine: 'ws1.corp.test', host: HOST },
      ],
    },
  });
});

it('finds leases by the indexes of the table that has taken the place of another', () => {
  expect(ask(LEASES)).toMatchObject({ leases: [{}] });
  engine.configure({ ...DEFAULT_SETTINGS, aliases: { kms: hostName('kms1.corp.test') } }, seconds(NOW));
  while (engine.derive());
  for (const sort of ['expiry', 'client', 'last_request'] as const) {
    expect(ask({ name: 'leases', args: [{ sort }] })).toMatchObject({ leases: [{ client: 'ws1.corp.test' }] });
  }
});

it('says what an erasure would erase, so that the writer need not look for it', () => {
  expect(ask({ name: 'planErasure', args: [['ws1', 'nobody']] })).toMatchObject({
    machines: [{ asked: 'ws1', names: ['ws1.corp.test'] }],
    unknown: ['nobody'],
    ...{ records: 1, leases: 1, rows: 0 },
  });
  expect(ask(LEASES)).toMatchObject({ leases: [{}] });
});

it('says where a copy cannot be written, and goes on', () => {
  const path = join(folder, 'missing', 'copy.db');
  expect(ask({ name: 'backup', args: [path] })).toMatchObject({ reason: 'io' });
  expect(ask({ name: 'backup', args: [join(folder, 'copy.db')] })).toBeUndefined();
  expect(ask(LEASES)).toMatchObject({ leases: [{}] });
});

it('is open again for a question after it was closed', () => {
  ask({ name: 'close', args: [] });
  expect(ask(LEASES)).toMatchObject({ leases: [{}] });
});

it('answers a question that trips over a bug by the bug, and answers the next', () => {
  expect(ask({ name: 'explain', args: [5 as never] })).toMatchObject({
    reason: 'bug',
    text: expect.stringMatching(/^the question 'explain' to the database failed: TypeError: /),
  });
  expect(ask(LEASES)).toMatchObject({ leases: [{}] });
});
