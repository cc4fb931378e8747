import { existsSync } from 'node:fs';
import { mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { silentLogger } from '../../src/kernel/logger.ts';
import { seconds } from '../../src/kernel/time.ts';
import { openForWriting, toFailure } from '../../src/store/database/database.ts';
import { openStore } from '../../src/store/store.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { manualClock } from '../support/manual-clock.ts';
import { FOREVER, PATIENT } from '../support/patient.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { syntheticRecord } from './synthetic.ts';

const NOW = 1_780_000_000;
const OPTIONS = { settings: DEFAULT_SETTINGS, clock: manualClock(NOW * 1000), logger: silentLogger };
const UNREAD = { ignored: 0, rejected: 0 };
/** It is tried again some time after it failed, the longer the slower the machine. */
let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-faults-'));
  path = join(folder, 'kmswatch.db');
});
afterEach(() => rm(folder, { recursive: true }));

function records(from: number, count: number) {
  return Array.from({ length: count }, (_, index) => syntheticRecord(from + index, NOW - 86_400));
}

async function openOrThrow() {
  const opened = await openStore(path, OPTIONS);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

it('starts its thread again when a bug has ended it, and has lost nothing', async () => {
  const store = await openOrThrow();
  expect((await store.ingest('http', records(0, 10))).ok).toBe(true);
  const tripped = await store.ingest('http', [null as never]);
  expect(tripped.ok ? undefined : tripped.error.reason).toBe('closed');
  expect(store.state.up).toBe(false);
  await vi.waitFor(() => expect(store.state.up).toBe(true), PATIENT);
  expect(await store.ingest('http', records(5, 10))).toEqual({
    ok: true,
    value: { accepted: 5, duplicate: 5, ignored: 0 },
  });
  await store.close();
});

it('acknowledges nothing into a database that was deleted, and goes on with it once it is back', async () => {
  const store = await openOrThrow();
  await store.ingest('http', records(0, 10));
  expect((await store.leases({})).ok).toBe(true);
  await Promise.all(['', '-wal', '-shm', '.lock'].map((part) => rm(`${path}${part}`)));
  const refused = await store.ingest('http', records(10, 10));
  expect(refused.ok ? undefined : refused.error).toMatchObject({
    reason: 'moved',
    text: expect.stringContaining(path),
  });
  for (const answer of [await store.ingest('http', records(10, 10)), await store.leases({})]) {
    expect(answer).toEqual(refused);
  }
  expect(existsSync(path)).toBe(false);
  expect((await stat(`${path}.rescued`)).mode & 0o777).toBe(0o600);

  await rename(`${path}.rescued`, path);
  await vi.waitFor(() => expect(store.state.up).toBe(true), PATIENT);
  const again = await store.ingest('http', records(0, 20));
  expect(again).toEqual({ ok: true, value: { accepted: 10, duplicate: 10, ignored: 0 } });
  expect((await store.leases({})).ok).toBe(true);
  await store.close();
});

it('goes on with another database that was put in its place, and leaves the log of the old one alone', async () => {
  const other = join(folder, 'other.db');
  const store = await openOrThrow();
  await store.ingest('http', records(0, 10));
  await store.backup(other);
  await store.ingest('http', records(10, 10));
  await rename(other, path);
  await vi.waitFor(async () => {
    const taken = await store.ingest('http', records(0, 20));
    expect(taken).toEqual({ ok: true, value: { accepted: 10, duplicate: 10, ignored: 0 } });
  }, PATIENT);
  await store.close();
  const database = new DatabaseSync(path);
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  database.close();
});

it('lets no second agent work on the same file', async () => {
  const store = await openOrThrow();
  const second = await openStore(path, OPTIONS);
  expect(second.ok ? '' : second.error).toContain('another kmswatch is using it');
  await store.close();
  await (await openOrThrow()).close();
});

it('does not write beside a second agent, even if somebody deleted the lock, and continues when that has ended', async () => {
  const store = await openOrThrow();
  await store.ingest('http', records(0, 10));
  await rm(`${path}.lock`);
  const second = await openOrThrow();
  expect((await second.ingest('http', records(10, 10))).ok).toBe(true);
  const refused = await store.ingest('http', records(20, 10));
  expect(refused.ok ? undefined : refused.error).toMatchObject({
    reason: 'in_use',
    text: expect.stringContaining(`${path}.lock was deleted`),
  });
  expect((await second.ingest('http', records(20, 10))).ok).toBe(true);
  await second.close();
  await vi.waitFor(() => expect(store.state.up).toBe(true), PATIENT);
  const again = await store.ingest('http', records(0, 40));
  expect(again).toEqual({ ok: true, value: { accepted: 10, duplicate: 30, ignored: 0 } });
  await store.close();
});

it('takes its lock again when that was deleted and nobody has taken it', async () => {
  const store = await openOrThrow();
  await rm(`${path}.lock`);
  expect((await store.ingest('http', records(0, 10))).ok).toBe(false);
  await vi.waitFor(() => expect(store.state.up).toBe(true), PATIENT);
  const second = await openStore(path, OPTIONS);
  expect(second.ok ? '' : second.error).toContain('another kmswatch is using it');
  await store.close();
});

it('says that another program holds the file, acknowledges nothing, and goes on when it is free', async () => {
  const store = await openOrThrow();
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const refused = await store.ingest('http', records(0, 10));
  expect(refused.ok ? undefined : refused.error.reason).toBe('locked');
  expect(store.state.up).toBe(false);
  expect(store.state.failure?.text).toContain('Another program has it open');
  other.exec('ROLLBACK');
  other.close();
  await vi.waitFor(async () => {
    const taken = await store.ingest('http', records(0, 10));
    expect(taken).toEqual({ ok: true, value: { accepted: 10, duplicate: 0, ignored: 0 } });
  }, PATIENT);
  expect(store.state.up).toBe(true);
  expect((await store.count(FOREVER))?.ingest).toEqual([{ source: 'http', result: 'accepted', count: 10 }]);
  await store.close();
});

it.each([
  ['full', 'max_page_count = 60', 'max_page_count = 100000'],
  ['read_only', 'query_only = ON', 'query_only = OFF'],
] as const)('takes nothing of a batch when the database is %s', (reason, fault, repair) => {
  const database = openForWriting(path);
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  engine.ingest([{ source: 'http', records: records(0, 5), unread: UNREAD }], seconds(NOW));
  database.exec(`PRAGMA ${fault}`);
  const batch = [{ source: 'http' as const, records: records(0, 5000), unread: UNREAD }];
  expect(failureOf(() => engine.ingest(batch, seconds(NOW)))).toBe(reason);
  database.exec(`PRAGMA ${repair}`);
  const again = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  expect(again.ingest(batch, seconds(NOW))).toEqual([{ accepted: 4995, duplicate: 5, ignored: 0 }]);
  database.close();
});

it('says that a damaged file is damaged, and does not end', async () => {
  const first = await openOrThrow();
  await first.ingest('http', records(0, 5000));
  await first.close();
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  for (let at = 4096; at < size; at += 4096) await file.write(Buffer.alloc(2000, 0xa5), 0, 2000, at);
  await file.close();
  const opened = await openStore(path, OPTIONS);
  expect(opened.ok ? '' : opened.error).toContain('restore a backup');
});

function failureOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return toFailure(error, path).reason;
  }
}
