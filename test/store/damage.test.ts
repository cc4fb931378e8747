import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DamageWatch } from '../../src/agent/damage-watch.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { damageOf, JSON_COLUMNS } from '../../src/store/database/damage-of.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { runCommand } from '../support/command.ts';
import { manualClock } from '../support/manual-clock.ts';
import { CAN_MOUNT, mountDisk } from '../support/mounts.ts';
import { FOREVER, PATIENT } from '../support/patient.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { syntheticRecord } from './synthetic.ts';

const NOW = 1_780_000_000;
const OPTIONS = { settings: DEFAULT_SETTINGS, clock: manualClock(NOW * 1000), logger: silentLogger, isTolerant: true };
const RECORDS = 6000;
const ALL = Array.from({ length: RECORDS }, (_, index) => syntheticRecord(index, NOW - 86_400));
const PAGE = 4096;
const DISK_KIB = 16 * 1024;
const TIMES = { first: 10, every: 60_000, look: 10, retry: 60_000 };
let folder = '';
let whole = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-damage-'));
  whole = join(folder, 'whole.db');
  const store = await openOrThrow(whole);
  await store.ingest('http', ALL);
  await store.close();
  // As it is when nobody has sent for a while, and with its pages in the same order, however soon it was closed.
  const database = new DatabaseSync(whole);
  database.exec('INSERT INTO client_records SELECT * FROM client_records_new; DELETE FROM client_records_new; VACUUM');
  database.close();
});
afterAll(() => rm(folder, { recursive: true }));

async function openOrThrow(path: string): Promise<Store> {
  const opened = await openStore(path, OPTIONS);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

/** The pages that say where everything is: nothing can be read without them, as without the first, which is one of them. */
function schemaPages(path: string): ReadonlySet<number> {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'").all();
  database.close();
  return new Set(rows.map(({ pageno }) => Number(pageno) - 1));
}

/** Three pages of garbage at a tenth of a copy, but none of the schema's. */
async function damaged(tenth: number): Promise<string> {
  const path = join(folder, `${tenth}.db`);
  await copyFile(whole, path);
  const file = await open(path, 'r+');
  const pages = Math.floor((await file.stat()).size / PAGE);
  const kept = schemaPages(path);
  let at = Math.max(1, Math.min(pages - 3, Math.floor((pages * tenth) / 10)));
  while ([at, at + 1, at + 2].some((page) => kept.has(page))) at++;
  await file.write(Buffer.alloc(3 * PAGE, 0xa5), 0, 3 * PAGE, at * PAGE);
  await file.close();
  return path;
}

describe('a database that is damaged', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'at %i tenths is repaired, and has everything after all was sent again',
    async (tenth) => {
      const path = await damaged(tenth);
      const store = await openOrThrow(path);
      const repaired = await store.repair();
      expect(repaired.ok && repaired.value?.damage.length).toBeGreaterThan(0);
      const again = await store.ingest('http', ALL);
      expect(store.state.up).toBe(true);
      const saved = repaired.ok ? (repaired.value?.records ?? 0) : 0;
      expect(again).toEqual({ ok: true, value: { accepted: RECORDS - saved, duplicate: saved, ignored: 0 } });
      expect((await store.configure(DEFAULT_SETTINGS)).ok).toBe(true);
      const counted = await store.count(FOREVER);
      // A counter begins again at 0 if its page is lost: Prometheus takes that for a restart.
      expect(counted?.requests.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(RECORDS - saved);
      const page = await store.leases({ limit: 1000 });
      expect(page.ok && page.value.leases.length).toBe(500);
      await store.close();
      const database = new DatabaseSync(path);
      expect(damageOf(database)).toEqual([]);
      expect(database.prepare('SELECT count(*) AS n FROM records').get()).toEqual({ n: RECORDS });
      database.close();
      expect((await stat(`${path}.damaged`)).size).toBeGreaterThan(0);
    },
  );

  it('is found where nothing reads it, and repaired', async () => {
    const path = await damaged(6);
    const store = await openOrThrow(path);
    const error = vi.fn();
    const watch = new DamageWatch(store, path, { ...silentLogger, error }, TIMES);
    await vi.waitFor(() => expect(error).toHaveBeenCalled(), PATIENT);
    watch.stop();
    expect(error.mock.calls[0]?.[0]).toMatchObject({ kept: `${path}.damaged` });
    expect(await store.ingest('http', ALL)).toMatchObject({ ok: true, value: { ignored: 0 } });
    await store.close();
  });

  it.runIf(CAN_MOUNT)(
    'and has no room for what can be saved is reported, remembers, and is repaired later',
    async () => {
      const disk = mountDisk(join(folder, 'disk'), DISK_KIB);
      try {
        const path = join(disk.path, 'kmswatch.db');
        await copyFile(await damaged(6), path);
        const filler = join(disk.path, 'filler');
        await writeFile(filler, Buffer.alloc(Math.floor(DISK_KIB * 1024 - 1.5 * (await stat(path)).size)));
        const store = await openOrThrow(path);
        const error = vi.fn();
        const watch = new DamageWatch(store, path, { ...silentLogger, error }, { ...TIMES, retry: 1000 });
        await vi.waitFor(() => expect(error).toHaveBeenCalled(), PATIENT);
        expect(error.mock.calls[0]).toEqual([
          { damage: [expect.stringContaining('table records')], error: expect.stringContaining('full') },
          'the database is damaged, and cannot be repaired yet',
        ]);
        expect(existsSync(`${path}.repairing`)).toBe(false);
        // Room for what is known, and none for a copy.
        await vi.waitFor(() => expect(store.state.up).toBe(true), PATIENT);
        await rm(filler);
        await vi.waitFor(() => expect(existsSync(`${path}.damaged`)).toBe(true), PATIENT);
        watch.stop();
        expect(await store.ingest('http', ALL)).toMatchObject({ ok: true, value: { ignored: 0 } });
        await store.close();
      } finally {
        disk.remove();
      }
    },
  );

  it('is reported by kmswatch store check, with the remedy', async () => {
    const config = join(folder, 'kmswatch.yml');
    await writeFile(config, `store: {path: ${await damaged(5)}}\n`);
    const told = await runCommand(['store', 'check', '--config', config]);
    expect(told).toMatchObject({ code: 1, error: '', out: expect.stringMatching(/^table \w+: .*is damaged/s) });
    expect(told.out).toContain('send their logs again');
    await writeFile(config, `store: {path: ${whole}}\n`);
    expect(await runCommand(['store', 'check', '--config', config])).toEqual({
      code: 0,
      error: '',
      out: `${whole}: no damage\n`,
    });
  });

  it.each(JSON_COLUMNS)(
    'by garbage in column $column of table $table is repaired, or does not matter',
    async ({ table, column }) => {
      const path = join(folder, `${table}.db`);
      await copyFile(whole, path);
      const database = new DatabaseSync(path);
      const rows = Number(database.prepare(`UPDATE ${table} SET ${column} = '{"gar'`).run().changes);
      database.close();
      const store = await openOrThrow(path);
      // Once for the thread that reads it, and once more by the search for damage.
      const asked = await store.ingest('http', ALL.slice(0, 10));
      expect(asked.ok ? undefined : asked.error.reason).not.toBe('closed');
      const repaired = await store.repair();
      const told = repaired.ok && repaired.value?.damage;
      expect(told).toEqual(rows === 0 ? undefined : [`table ${table}: ${rows} values of ${column} cannot be read`]);
      expect(await store.ingest('http', ALL)).toMatchObject({ ok: true, value: { duplicate: RECORDS } });
      expect((await store.configure(DEFAULT_SETTINGS)).ok).toBe(true);
      const page = await store.leases({ limit: 1000 });
      expect(page.ok && page.value.leases.length).toBe(500);
      await store.close();
    },
  );

  it('knows each column of JSON', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    const tables = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").all();
    const columns = tables.flatMap(({ name, sql }) =>
      [...String(sql).matchAll(/^ {2}(\w+) TEXT.*-- JSON/gm)].map(([, column]) => `${name}.${column}`),
    );
    expect(columns.length).toBeGreaterThan(9);
    expect(JSON_COLUMNS.map(({ table, column }) => `${table}.${column}`)).toEqual(expect.arrayContaining(columns));
    for (const { table, column } of JSON_COLUMNS) database.prepare(`SELECT ${column} FROM ${table}`);
  });

  it('is left alone if it is whole', async () => {
    const path = join(folder, 'copy.db');
    await copyFile(whole, path);
    const store = await openOrThrow(path);
    expect(await store.repair()).toEqual({ ok: true, value: undefined });
    expect(await store.ingest('http', ALL)).toEqual({
      ok: true,
      value: { accepted: 0, duplicate: RECORDS, ignored: 0 },
    });
    await store.close();
    await expect(stat(`${path}.damaged`)).rejects.toThrow('ENOENT');
  });
});
