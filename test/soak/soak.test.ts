import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DAY_MS } from '../../src/kernel/time.ts';
import { SoakWorld } from './soak-world.ts';

/** `npm run soak` takes an hour, and longer beside other work; otherwise it is a small estate for some days. */
const IS_LONG = process.env['SOAK'] !== undefined;
const SCALE = IS_LONG ? { days: 30, domains: 100, machines: 20 } : { days: 2, domains: 2, machines: 20 };

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-soak-'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  vi.setSystemTime(Date.UTC(2026, 5, 1, 7));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

it(`holds after ${SCALE.days} days what it held after a tenth of them`, async () => {
  const world = new SoakWorld(join(folder, 'kmswatch.db'), SCALE);
  await world.start();
  await vi.advanceTimersByTimeAsync((SCALE.days * DAY_MS) / 10);
  const timers = vi.getTimerCount();
  const early = world.held();
  await vi.advanceTimersByTimeAsync((SCALE.days * DAY_MS * 9) / 10);
  const late = world.held();
  if (IS_LONG)
    process.stdout.write(`${JSON.stringify({ early, late, timers, lateTimers: vi.getTimerCount() }, null, 2)}\n`);

  expect(world.scrapes).toBeGreaterThan(SCALE.days * 1200);
  expect(world.delivered).toBeGreaterThan(SCALE.days);
  expect(late.records).toBeGreaterThan(early.records);
  expect(late.descriptors).toBe(early.descriptors);
  // Which timers are pending differs from one moment to the next, by one for each loop and receiver.
  expect(Math.abs(vi.getTimerCount() - timers)).toBeLessThanOrEqual(6);
  // Leases and counts are kept for each client: a fifth more, and nothing for each record.
  expect(late.heap).toBeLessThan(early.heap * 1.2 + 200 * (late.records - early.records));
  expect(late.perRecord).toBeLessThan(early.perRecord * 1.1);
  await world.stop();
}, 7_200_000);
