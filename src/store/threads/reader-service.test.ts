import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { NOW, PRO, requestRecord } from '../../../test/store/store-in-memory.ts';
import { seconds } from '../../kernel/time.ts';
import { openForWriting } from '../database/database.ts';
import { Engine } from './engine.ts';
import type { ReaderCall } from './messages.ts';
import { ReaderService } from './reader-service.ts';

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

it('finds leases by the indexes of the table that has taken the place of another', () => {
  expect(ask(LEASES)).toMatchObject({ leases: [{}] });
  engine.configure({ ...DEFAULT_SETTINGS, aliases: { kms: 'kms1.corp.test' } }, seconds(NOW));
  while (engine.derive());
  for (const sort of ['expiry', 'client', 'last_request'] as const) {
    expect(ask({ name: 'leases', args: [{ sort }] })).toMatchObject({ leases: [{ client: 'ws1.corp.test' }] });
  }
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

it('throws what is a bug, so that its thread ends', () => {
  expect(() => ask({ name: 'explain', args: [5 as never] })).toThrow(TypeError);
});
