import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../test/store/default-settings.ts';
import { syntheticRecord } from '../../test/store/synthetic.ts';
import type { Message } from './messages.ts';
import { WriterService } from './writer-service.ts';

const NOW = 1_780_000_000;
let folder = '';
let service: WriterService;
let posted: Message[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-writer-'));
  posted = [];
  const start = { path: join(folder, 'kmswatch.db'), settings: DEFAULT_SETTINGS, now: NOW };
  service = new WriterService(start, (message) => posted.push(message));
  expect(service.start(NOW)).toBeUndefined();
  posted = [];
});
afterEach(async () => {
  service.take({ id: 1000, now: NOW, name: 'close', args: [] });
  await expect.poll(answered).toContain(1000);
  await rm(folder, { recursive: true });
});

function report(id: number): void {
  const counts = { windows: id, office: undefined };
  const told = { host: `kms${id}.corp.example`, time: NOW, counts, activationInterval: undefined };
  service.take({ id, now: NOW, name: 'takeReport', args: [told] });
}

function logRead(id: number): void {
  const records = JSON.stringify([syntheticRecord(id, NOW - 5000)]);
  const place = { host: 'kms1.corp.example', place: `<Bookmark n="${id}"/>` };
  service.take({ id, now: NOW, name: 'ingest', args: ['winrm', records, 1, { ignored: 0, rejected: 0 }, place] });
}

function answered(): readonly number[] {
  return posted.flatMap(({ answers }) => answers.map(({ id }) => id));
}

it('makes a few pictures for many reports that come one by one, and each answer comes with one', async () => {
  const began = performance.now();
  const ids = Array.from({ length: 40 }, (_, index) => index + 1);
  for (const id of ids) {
    report(id);
    await wait(5);
  }
  await expect.poll(answered).toEqual(ids);
  const pictures = posted.filter(({ aggregates }) => aggregates !== undefined);
  expect(pictures.length).toBeLessThan(2 + (performance.now() - began) / 200);
  expect(pictures.flatMap(({ answers }) => answers)).toHaveLength(ids.length);
});

it('makes a few pictures for a log that is read batch by batch, the last one after the last batch', async () => {
  const began = performance.now();
  for (let id = 1; id <= 40; id += 1) {
    logRead(id);
    await expect.poll(answered, { interval: 1 }).toContain(id);
  }
  const told = () => posted.flatMap(({ aggregates }) => aggregates?.ingest ?? []).at(-1)?.count;
  await expect.poll(told).toBe(40);
  const pictures = posted.filter(({ aggregates }) => aggregates !== undefined);
  expect(pictures.length).toBeLessThan(3 + (performance.now() - began) / 200);
});

it('lets no other call wait for reports, and keeps the order of calls', async () => {
  report(1);
  await expect.poll(answered).toEqual([1]);
  report(2);
  report(3);
  service.take({ id: 4, now: NOW, name: 'logPlace', args: ['kms2.corp.example'] });
  // Two turns: one for the reports, one for what stands behind them.
  for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
  expect(answered()).toEqual([1, 2, 3, 4]);
});
