import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../../src/kernel/logger.ts';
import { DAY_S, seconds } from '../../src/kernel/time.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import type { MonthReport } from '../../src/store/months/month-types.ts';
import { closeMonth } from '../../src/store/months/months.ts';
import { openStore } from '../../src/store/store.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { manualClock } from '../support/manual-clock.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { syntheticRecord } from './synthetic.ts';

const NOW = 1_780_000_000;
const UNREAD = { ignored: 0, rejected: 0 };
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-grooming-'));
});
afterEach(() => rm(folder, { recursive: true }));

function records(count: number, epoch: number) {
  return Array.from({ length: count }, (_, index) => syntheticRecord(index, epoch));
}

function count(database: DatabaseSync, table: string): number {
  return Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
}

it('takes no record older than the history, nor one from more than a day ahead', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  const limit = NOW - DEFAULT_SETTINGS.history;
  const times = [limit - 1, limit, NOW + DAY_S, NOW + DAY_S + 1];
  const batch = times.map((time, index) => ({ ...syntheticRecord(index, NOW), time: seconds(time) }));
  expect(engine.ingest([{ source: 'import', records: batch, unread: UNREAD }], seconds(NOW))).toEqual([
    { accepted: 2, duplicate: 0, ignored: 2 },
  ]);
});

it('keeps the records of a lease as long as the lease, so that both can be derived again', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const settings = { ...DEFAULT_SETTINGS, history: seconds(60 * DAY_S) };
  const engine = new Engine(database, settings, seconds(NOW));
  engine.ingest([{ source: 'import', records: records(10, NOW - 100), unread: UNREAD }], seconds(NOW));
  const later = NOW + 200 * DAY_S;
  while (engine.groom(seconds(later))) {}
  engine.configure({ ...settings, leases: { ...settings.leases, validity: seconds(90 * DAY_S) } }, seconds(later));
  while (engine.derive());
  expect([count(database, 'records'), count(database, 'leases')]).toEqual([10, 10]);
  while (engine.groom(seconds(NOW + 366 * DAY_S))) {}
  expect([count(database, 'records'), count(database, 'leases')]).toEqual([0, 0]);
});

it('forgets records and leases in slices, and counts the leases', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  engine.ingest([{ source: 'import', records: records(2500, NOW - 100), unread: UNREAD }], seconds(NOW));
  expect(engine.aggregates(seconds(NOW)).machines).toEqual({ physical: 333, virtual: 167 });

  const silent = NOW + 366 * DAY_S;
  engine.tick(seconds(silent));
  expect(engine.aggregates(seconds(silent)).machines).toEqual({ physical: 0, virtual: 0 });
  while (engine.groom(seconds(silent))) {}
  expect(engine.aggregates(seconds(silent)).forgotten).toBe(500);
  expect(count(database, 'leases')).toBe(0);
  expect(count(database, 'records')).toBe(2500);

  const later = NOW + 401 * DAY_S;
  let slices = 1;
  while (engine.groom(seconds(later))) slices++;
  expect(slices).toBe(3);
  expect(count(database, 'records')).toBe(0);
});

it('counts again what it counted before when a silent machine asks again', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  const ingest = (list: ReturnType<typeof records>, now: number) =>
    engine.ingest([{ source: 'import', records: list, unread: UNREAD }], seconds(now));
  ingest(records(30, NOW - 100), NOW);
  const silent = NOW + 380 * DAY_S;
  while (engine.groom(seconds(silent))) {}
  ingest([{ ...syntheticRecord(3, silent), recordId: 99_999 }], silent);
  engine.tick(seconds(silent));
  const { classes } = engine.aggregates(seconds(silent));
  expect(classes.map(({ tally }) => tally.leases)).toEqual([1]);
});

it('writes a copy while it is in use, on which another agent can go on', async () => {
  const options = { settings: DEFAULT_SETTINGS, clock: manualClock(NOW * 1000), logger: silentLogger };
  const opened = await openStore(join(folder, 'kmswatch.db'), options);
  if (!opened.ok) throw new Error(opened.error);
  const store = opened.value;
  await store.ingest('http', records(1000, NOW - 5000));
  const copied = store.backup(join(folder, 'copy.db'));
  await store.ingest('http', records(2000, NOW - 5000));
  expect(await copied).toEqual({ ok: true, value: undefined });
  expect(await store.backup(join(folder, 'copy.db'))).toMatchObject({ ok: false });
  expect(store.state.up).toBe(true);
  await store.close();

  const restored = await openStore(join(folder, 'copy.db'), options);
  if (!restored.ok) throw new Error(restored.error);
  const page = await restored.value.leases({ client: 'ws49', sort: 'client' });
  expect(page.ok ? page.value.leases.map(({ client }) => client) : []).toHaveLength(11);
  await restored.value.close();
});

it('brings back what was forgotten with a configuration that keeps it', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const short = { ...DEFAULT_SETTINGS, leases: { ...DEFAULT_SETTINGS.leases, forgetAfter: seconds(181 * DAY_S) } };
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  engine.ingest([{ source: 'import', records: records(10, NOW - 190 * DAY_S), unread: UNREAD }], seconds(NOW));
  const configure = (settings: typeof short) => {
    engine.configure(settings, seconds(NOW));
    while (engine.derive());
    while (engine.groom(seconds(NOW)));
    return count(database, 'leases');
  };
  expect(configure(short)).toBe(0);
  expect(configure(DEFAULT_SETTINGS)).toBe(10);
});

it('takes no record that is dated ahead for a witness of its date', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  const delivery = (list: ReturnType<typeof records>, inDoubt: boolean) =>
    engine.ingest([{ source: 'http', records: list, unread: UNREAD, inDoubt }], seconds(NOW));
  delivery(records(10, NOW - 100), false);
  // One host has its own clock, and that of the agent was in doubt.
  delivery([{ ...syntheticRecord(10, NOW), time: seconds(NOW + 500 * DAY_S) }], true);
  const tick = (now: number, lived: number) => engine.tick(seconds(now), { memory: '', lived: seconds(lived) });
  expect(tick(NOW, 60)).toBe(NOW);
  // The clock steps beyond it, and is believed as no record comes.
  expect(tick(NOW + 600 * DAY_S, 8000)).toBe(NOW + 7940);
});

it('forgets months after five years, by the time that is proven and not when one is closed', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  database.exec(`INSERT INTO closed_months (month, report, first_record) VALUES ('2021-01', '{}', 0), ('2026-01', '{}', 0);
    INSERT INTO outages (name, subject, since, until) VALUES ('KmsHostDown', '{}', 1, 2)`);
  closeMonth(database, { month: '2026-03' } as MonthReport, seconds(NOW + 3660 * DAY_S));
  const kept = () =>
    database
      .prepare('SELECT month FROM closed_months ORDER BY month')
      .all()
      .map(({ month }) => month);
  expect([kept(), count(database, 'outages')]).toEqual([['2021-01', '2026-01', '2026-03'], 1]);
  engine.groom(seconds(NOW));
  expect([kept(), count(database, 'outages')]).toEqual([['2026-01', '2026-03'], 0]);
});
