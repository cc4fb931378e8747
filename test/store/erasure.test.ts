import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EventRecord } from '../../src/activations/types.ts';
import { takeInventory } from '../../src/ingest/take-inventory.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { DAY_S, seconds } from '../../src/kernel/time.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { manualClock } from '../support/manual-clock.ts';
import { FOREVER } from '../support/patient.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { syntheticRecord } from './synthetic.ts';

const NOW = 1_780_000_000;
let folder = '';
let store: Store;
let logged: object[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-erasure-'));
  logged = [];
  const logger = { ...silentLogger, info: (fields: object) => void logged.push(fields) };
  const clock = manualClock(NOW * 1000);
  const opened = await openStore(join(folder, 'kmswatch.db'), { settings: DEFAULT_SETTINGS, clock, logger });
  if (!opened.ok) throw new Error(opened.error);
  store = opened.value;
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** A request of a machine. @param client number of its client id */
function request(n: number, machine: string, client: number, age = 5 * DAY_S): EventRecord {
  const record = syntheticRecord(n, NOW - age);
  if (record.body.kind !== 'request') throw new TypeError('no request');
  const clientId = `c0000000-0000-4000-8000-${client.toString(16).padStart(12, '0')}`;
  return { ...record, body: { ...record.body, machine, clientId, hresult: 0 } };
}

const machine = (name: string, otherNames: readonly string[] = []) => ({
  ...{ machine: name, otherNames, system: 'Windows 11', seen: seconds(NOW), disabled: false },
  licences: [],
});

async function names(): Promise<readonly string[]> {
  const page = await store.leases({});
  return page.ok ? page.value.leases.map(({ client }) => client).sort() : [page.error.text];
}

it('erases a machine under all its names from everything, and derives the rest again', async () => {
  await store.ingest('http', [
    request(1, 'secretbox', 1, 40 * DAY_S),
    request(2, 'secretbox.corp.test', 1),
    request(3, 'other.corp.test', 2),
    // A client id that two machines use in turn: the other one stays.
    request(4, 'clone.corp.test', 3, 3 * DAY_S),
    request(5, 'secretbox.corp.test', 3, 2 * DAY_S),
    request(6, 'clone.corp.test', 3, DAY_S),
  ]);
  const machines = [machine('secretbox'), machine('renamed.corp.test', ['secretbox']), machine('other.corp.test')];
  await takeInventory(store, { source: 'list.csv', readAt: seconds(NOW), machines });
  await store.saveOpenConditions(['{"summary":"secretbox.corp.test and secretbox2 share an id"}']);

  expect(await store.planErasure(['SECRETBOX', 'nobody'])).toMatchObject({
    value: {
      machines: [{ asked: 'SECRETBOX', names: ['secretbox', 'secretbox.corp.test'] }],
      unknown: ['nobody'],
      ...{ records: 3, leases: 2, rows: 1 },
    },
  });
  expect(await names()).toContain('secretbox.corp.test');

  expect(await store.erase(['SECRETBOX'], 'alice')).toMatchObject({ ok: true, value: { records: 3 } });

  expect(logged).toContainEqual({ by: 'alice', machines: ['SECRETBOX'], records: 3, leases: 2, rows: 1 });
  await expect.poll(names, { timeout: FOREVER }).toEqual(['clone.corp.test', 'other.corp.test']);
  expect(await store.explain('secretbox')).toMatchObject({ value: { kind: 'unseen' } });
  expect(await store.openConditions()).toEqual({
    ok: true,
    value: ['{"summary":"(erased) and secretbox2 share an id"}'],
  });
  const found = await store.machines({});
  expect(
    found.ok && found.value.machines.flatMap(({ machine: name, other_names }) => [name, ...other_names]).sort(),
  ).toEqual(['clone.corp.test', 'other.corp.test', 'renamed.corp.test']);
  await store.close();
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')));
  expect(files.join('').replaceAll('secretbox2', '')).not.toMatch(/secretbox/i);
});

it('counts as if the machine had never asked, and takes it again if it asks again', async () => {
  await store.ingest('http', [request(1, 'ws1.corp.test', 1), request(2, 'ws2.corp.test', 2)]);
  const census = async () => (await store.count())?.hosts[0]?.pools[0]?.census;
  expect(await census()).toBe(2);
  await store.erase(['ws1'], 'alice');
  await expect.poll(census, { timeout: FOREVER }).toBe(1);

  await store.ingest('http', [request(3, 'ws1.corp.test', 1, DAY_S)]);

  expect(await names()).toEqual(['ws1.corp.test', 'ws2.corp.test']);
});

it('erases no namesake: a bare name that fits several is that of none of them', async () => {
  await store.ingest('http', [
    request(1, 'ws1.a.test', 1),
    request(2, 'ws1.b.test', 2),
    request(3, 'ws1', 3),
    request(4, 'ws10.a.test', 4),
  ]);
  expect(await store.planErasure(['ws1.a.test'])).toMatchObject({ value: { machines: [{ names: ['ws1.a.test'] }] } });
  expect(await store.planErasure(['ws1'])).toMatchObject({ value: { machines: [{ names: ['ws1'] }] } });

  await store.erase(['ws1'], 'alice');

  await expect.poll(names, { timeout: FOREVER }).toEqual(['ws1.a.test', 'ws1.b.test', 'ws10.a.test']);
});
