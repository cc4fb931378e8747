import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { memoryDatabase, NOW, requestRecord } from '../../../test/store/store-in-memory.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { Engine } from './engine.ts';

function engineWith(client: number): Engine {
  return take(new Engine(memoryDatabase(), DEFAULT_SETTINGS, seconds(NOW)), client);
}

function take(engine: Engine, client: number): Engine {
  const records = [requestRecord({ client })];
  engine.ingest([{ source: 'http', records, unread: { ignored: 0, rejected: 0 } }], seconds(NOW));
  return engine;
}

it('counts once for a version and a minute', () => {
  const engine = engineWith(1);
  const first = engine.aggregates(seconds(NOW));
  expect(engine.aggregates(seconds(NOW))).toBe(first);
  expect(engine.aggregates(seconds(NOW + 59))).toBe(first);
  expect(engine.aggregates(seconds(NOW + 60))).not.toBe(first);
  expect(engine.aggregates(seconds(NOW + 60)).asOf).toBe(NOW + 60);
});

it('counts again once something has changed', () => {
  const engine = engineWith(1);
  expect(engine.aggregates(seconds(NOW)).machines.physical).toBe(1);
  const { version } = engine;
  expect(take(engine, 2).version).toBe(version + 1);
  expect(engine.aggregates(seconds(NOW)).machines.physical).toBe(2);
});

it('counts again if the clock was set back', () => {
  const engine = engineWith(1);
  engine.aggregates(seconds(NOW));
  expect(engine.aggregates(seconds(NOW - 1)).asOf).toBe(NOW - 1);
});

it('counts leases that were derived again under a version that none had before', () => {
  const engine = engineWith(1);
  const [before] = engine.aggregates(seconds(NOW)).soonest;
  const leases = { ...DEFAULT_SETTINGS.leases, validity: seconds(DEFAULT_SETTINGS.leases.validity - DAY_S) };
  expect(engine.configure({ ...DEFAULT_SETTINGS, leases }, seconds(NOW))).toBe(true);
  const { version } = engine;
  expect(engine.aggregates(seconds(NOW)).soonest).toEqual([before]);
  while (engine.derive());
  expect(engine.version).toBe(version + 1);
  expect(engine.aggregates(seconds(NOW)).soonest).toEqual([{ ...before, expiry: Number(before?.expiry) - DAY_S }]);
});
