import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../test/store/default-settings.ts';
import { hostName } from '../../test/support/host-name.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { FOREVER, PATIENT } from '../../test/support/patient.ts';
import { silentLogger } from '../kernel/logger.ts';
import { millis, seconds } from '../kernel/time.ts';
import { openStore, type Store } from './store.ts';

const sighting = {
  domain: hostName('corp.example'),
  target: hostName('kms01.corp.example'),
  port: 1688,
  at: millis(1000),
};
const OPTIONS = { settings: DEFAULT_SETTINGS, clock: manualClock(1_700_000_000_000), logger: silentLogger };
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function open(path: string): Promise<Store> {
  const opened = await openStore(path, OPTIONS);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

it('remembers the newest sighting over a restart', async () => {
  const path = join(folder, 'new', 'kmswatch.db');
  const first = await open(path);
  await first.saveSightings([sighting], millis(0));
  await first.saveSightings([{ ...sighting, at: millis(900) }], millis(0));
  expect(first.state.up).toBe(true);
  expect(first.state.bytes).toBeGreaterThan(0);
  await first.close();

  const second = await open(path);
  expect(await second.sightings()).toEqual({ ok: true, value: [sighting] });
  await second.saveSightings([], millis(1001));
  expect(await second.sightings()).toEqual({ ok: true, value: [] });
  await second.close();
});

it('remembers the open conditions over a restart, in their order', async () => {
  const path = join(folder, 'kmswatch.db');
  const first = await open(path);
  expect(await first.openConditions()).toEqual({ ok: true, value: [] });
  await first.saveOpenConditions(['{"name":"a"}']);
  await first.saveOpenConditions(['{"name":"c"}', '{"name":"b"}']);
  await first.close();

  const second = await open(path);
  expect(await second.openConditions()).toEqual({ ok: true, value: ['{"name":"c"}', '{"name":"b"}'] });
  await second.close();
});

it('says what to do when the file is no database', async () => {
  const path = join(folder, 'kmswatch.db');
  await writeFile(path, 'x'.repeat(4096));
  expect(await openStore(path, OPTIONS)).toEqual({
    ok: false,
    error: `the store cannot be used: the database ${path}: file is not a database. Run kmswatch store check. If the agent does not recover by itself, move the file away and restore a backup, or start with a new file and import the exported logs again.`,
  });
});

it('does not touch the database of a newer version', async () => {
  const path = join(folder, 'kmswatch.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  const opened = await openStore(path, OPTIONS);
  expect(opened.ok ? '' : opened.error).toContain('the database has schema 99');
});

it('says what to do when the folder cannot be made', async () => {
  await writeFile(join(folder, 'file'), '');
  const opened = await openStore(join(folder, 'file', 'sub', 'kmswatch.db'), OPTIONS);
  expect(opened.ok ? '' : opened.error).toMatch(
    /^the store cannot be used: cannot create the state folder .*set store\.path\.$/,
  );
});

it('is not up after an operation that failed, and up again after one that went well', async () => {
  const path = join(folder, 'kmswatch.db');
  const store = await open(path);
  const other = new DatabaseSync(path);
  other.exec('ALTER TABLE sightings RENAME TO elsewhere');
  await store.saveSightings([sighting], millis(0));
  expect(store.state.up).toBe(false);
  other.exec('ALTER TABLE elsewhere RENAME TO sightings');
  other.close();
  await vi.waitFor(async () => {
    await store.saveSightings([sighting], millis(0));
    expect(store.state.up).toBe(true);
  }, PATIENT);
  await store.close();
});

it('keeps the place in a log with the records before it, and counts a gap with them', async () => {
  const path = join(folder, 'kmswatch.db');
  const first = await open(path);
  expect(await first.logBookmark(hostName('kms01.corp.example'))).toEqual({ ok: true, value: undefined });
  const host = hostName('kms01.corp.example');
  const place = { host, bookmark: '{"bookmark":1}', gap: seconds(1_699_999_000) };
  const publish = { kind: 'dns_publish', result: 'success', domain: hostName('corp.example'), hresult: 0 } as const;
  const record = { host, log: 'application', recordId: 7, time: seconds(1_699_999_990), body: publish } as const;
  expect(await first.ingestFromLog('winrm', [record], { ignored: 2, rejected: 0 }, place)).toEqual({
    ok: true,
    value: { accepted: 1, duplicate: 0, ignored: 0 },
  });
  await first.close();

  const second = await open(path);
  expect(await second.logBookmark(host)).toEqual({ ok: true, value: '{"bookmark":1}' });
  await second.ingestFromLog('winrm', [], { ignored: 0, rejected: 0 }, { host: host, bookmark: '{"bookmark":2}' });
  expect(await second.logBookmark(host)).toEqual({ ok: true, value: '{"bookmark":2}' });
  const aggregates = await second.count(FOREVER);
  const [known] = aggregates?.hosts ?? [];
  expect(known).toMatchObject({ host, gaps: 1, lastGap: 1_699_999_000, lastArrival: 1_700_000_000 });
  expect(known?.lastPush).toBeUndefined();
  expect(aggregates?.ingest).toContainEqual({ source: 'winrm', result: 'ignored', count: 2 });
  await second.close();
});
