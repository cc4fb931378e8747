import { afterEach, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../test/store/default-settings.ts';
import { memoryDatabase, requestRecord } from '../../test/store/store-in-memory.ts';
import { hostName } from '../../test/support/host-name.ts';
import { monthReport } from '../../test/support/web-app.ts';
import type { OpenCondition } from '../conditions/condition.ts';
import { silentLogger } from '../kernel/logger.ts';
import { err, ok } from '../kernel/result.ts';
import { DAY_S, HOUR_S, MINUTE_S, millis, type Seconds, seconds } from '../kernel/time.ts';
import type { Aggregates, HostAggregates } from '../store/aggregates.ts';
import { storeFailure } from '../store/failure.ts';
import { closeMonth, dueMonths, monthReport as reportOf } from '../store/months/months.ts';
import { Engine } from '../store/threads/engine.ts';
import { MonthKeeper } from './month-keeper.ts';

const KEEPERS: MonthKeeper[] = [];

afterEach(() => {
  for (const keeper of KEEPERS.splice(0)) keeper.stop();
});

const NOW = seconds(Date.UTC(2026, 9, 20) / 1000);
const RECENT = { host: hostName('kms01'), firstRecord: seconds(NOW - 100 * DAY_S), lastEvent: NOW, lastArrival: NOW };

/** With logs that are known for an hour. */
function keeperOf({ isInDoubt = false, fails = 0, hosts = [RECENT] as readonly Partial<HostAggregates>[] } = {}) {
  const closed: string[] = [];
  const outages: unknown[] = [];
  let failures = fails;
  const logs = { hosts, now: seconds(NOW - HOUR_S) };
  const keeper = new MonthKeeper({
    logs: () => logsOf(logs),
    store: {
      dueMonths: async () => ok(['2026-08', '2026-09']),
      month: async (month) => ok(monthReport(month)),
      closeMonth: async ({ month }) => {
        if (failures-- > 0) return err(storeFailure('io', 'test: no disk'));
        closed.push(month);
        return ok(undefined);
      },
      takeOutages: async (taken) => {
        if (failures-- > 0) return err(storeFailure('io', 'test: no disk'));
        outages.push(taken);
        return ok(undefined);
      },
    },
    clock: { isInDoubt },
    logger: silentLogger,
  });
  KEEPERS.push(keeper);
  return { keeper, closed, outages, logs };
}

/** A keeper that has seen its logs for an hour. */
async function settledKeeper(options: Parameters<typeof keeperOf>[0] = {}) {
  const kept = keeperOf(options);
  await kept.keeper.close();
  expect(kept.closed).toEqual([]);
  kept.logs.now = NOW;
  return kept;
}

function logsOf({ hosts, now }: { hosts: readonly Partial<HostAggregates>[]; now: Seconds }) {
  return { aggregates: { hosts } as unknown as Aggregates, now };
}

function open(name: string, firing = true): OpenCondition {
  const condition = {
    name,
    severity: 'warning',
    subject: { host: 'kms01' },
    summary: '',
    remedy: '',
    runbook: '',
  } as const;
  return {
    ...condition,
    since: millis(5500),
    firing,
    value: undefined,
    limit: undefined,
    overSince: undefined,
    explainedBy: undefined,
  };
}

it('closes each month that is due, unless the clock is in doubt', async () => {
  const { keeper, closed } = await settledKeeper();
  await keeper.close();
  expect(closed).toEqual(['2026-08', '2026-09']);

  const doubtful = await settledKeeper({ isInDoubt: true });
  await doubtful.keeper.close();
  expect(doubtful.closed).toEqual([]);
});

it('tries again later what it cannot close', async () => {
  const { keeper, closed } = await settledKeeper({ fails: 1 });
  await keeper.close();
  expect(closed).toEqual([]);
  await keeper.close();
  expect(closed).toEqual(['2026-08', '2026-09']);
});

it('takes outages down when they change, and only those that fire', async () => {
  const { keeper, outages } = keeperOf({ fails: 1 });
  const down = [open('KmsHostDown'), open('KmsHostIdle'), open('KmsNoHostAvailable', false)];
  await keeper.take(down);
  await keeper.take(down);
  await keeper.take(down);
  await keeper.take([]);
  const outage = { name: 'KmsHostDown', subject: '{"host":"kms01"}', since: 5 };
  expect(outages).toEqual([[outage], []]);
});

it('closes none while a log is coming in, nor within the hour after one began further back', async () => {
  const { keeper, closed, logs } = await settledKeeper();
  logs.hosts = [{ ...RECENT, historyAt: seconds(NOW - MINUTE_S) }];
  await keeper.close();
  logs.hosts = [{ ...RECENT, firstRecord: seconds(NOW - 300 * DAY_S) }];
  await keeper.close();
  logs.now = seconds(NOW + HOUR_S - 1);
  await keeper.close();
  expect(closed).toEqual([]);
  logs.now = seconds(NOW + HOUR_S);
  await keeper.close();
  expect(closed).toEqual(['2026-08', '2026-09']);
});

it('shows the right months after a backlog of a year came in two parts, a day apart', async () => {
  const database = memoryDatabase();
  const [start, middle] = [seconds(NOW - 150 * DAY_S), seconds(NOW - 75 * DAY_S)];
  const engine = new Engine(database, DEFAULT_SETTINGS, NOW);
  const catalogue = DEFAULT_SETTINGS;
  let now = NOW;
  const keeper = new MonthKeeper({
    logs: () => ({ aggregates: engine.aggregates(now), now }),
    store: {
      dueMonths: async () => ok(dueMonths(database, now)),
      month: async (month) => ok(reportOf(database, catalogue, month, now)),
      closeMonth: async (report) => {
        closeMonth(database, report, now);
        return ok(undefined);
      },
      takeOutages: async () => ok(undefined),
    },
    clock: { isInDoubt: false },
    logger: silentLogger,
  });
  KEEPERS.push(keeper);
  const days = (from: number, until: number) =>
    Array.from({ length: (until - from) / DAY_S }, (_, day) =>
      requestRecord({ time: from + day * DAY_S, recordId: (from - start) / DAY_S + day + 1 }),
    );
  const pass = async (time: number) => {
    for (const end = now + time; now < end; now = seconds(now + 10 * MINUTE_S)) await keeper.close();
  };
  const send = (from: number, until: number) =>
    engine.ingest([{ source: 'http', records: days(from, until), unread: { ignored: 0, rejected: 0 } }], now);

  send(start, middle);
  await pass(DAY_S);
  send(middle, now - HOUR_S / 2);
  engine.ingest(
    [{ source: 'http', records: [requestRecord({ time: now, recordId: 999 })], unread: { ignored: 0, rejected: 0 } }],
    now,
  );
  await pass(DAY_S);

  const shown = ['2026-06', '2026-07', '2026-08', '2026-09'].map((month) => reportOf(database, catalogue, month, now));
  expect(shown.map(({ closed, days, changes }) => [closed, days.length, changes])).toEqual([
    [true, 30, []],
    [true, 31, []],
    [true, 31, []],
    [true, 30, []],
  ]);
});
