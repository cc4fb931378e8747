import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { type DemoEstate, startDemoEstate } from '../../src/demo/estate.ts';
import { demoFleet } from '../../src/demo/fleet/demo-fleet.ts';
import { feed } from '../../src/demo/fleet/feed.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { ConditionsAnswer } from '../../src/web/api/schemas.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { type RunningService, startService } from '../support/service.ts';

type Open = z.infer<typeof ConditionsAnswer>['conditions'];

/** One of each kind that the demo has: seen in DNS, by a probe, by the impostor check, in logs, in leases. */
const KINDS = [
  'KmsHostDown',
  'KmsHostImpostor',
  'KmsSrvRecordStale',
  'KmsSrvRecordUnexpected',
  'KmsClientsBelowThreshold',
  'KmsHostBelowThreshold',
  'KmsLeasesExpiring',
  'KmsRenewalsFailing',
  'KmsClientsRetrying',
  'KmsDuplicateClientIds',
  'KmsClientClockSkew',
  'KmsProductRefused',
];

const token = new Secret('a-token-of-the-test');
const fleet = demoFleet(Date.now());
let estate: DemoEstate;
let folder: TemporaryFolder;
let agent: RunningService;

beforeAll(async () => {
  estate = await startDemoEstate(fleet, token, systemClock);
  folder = await temporaryFolder();
  agent = await startAgent();
});
afterAll(async () => {
  await stopAgent();
  await estate?.close();
  await folder?.remove();
});

function startAgent(): Promise<RunningService> {
  const listen = [{ host: '127.0.0.1', port: 0 }];
  return startService({ config: estate.config, folder: folder.path, tickEvery: 1000, listen });
}

async function stopAgent(): Promise<void> {
  await agent?.service.stop();
  await agent?.store.close();
}

async function ready(): Promise<void> {
  await vi.waitFor(async () => expect((await fetch(`${agent.url}/-/ready`)).status).toBe(200), {
    timeout: 20_000,
    interval: 10,
  });
}

async function open(): Promise<Open> {
  return ConditionsAnswer.parse(await (await fetch(`${agent.url}/api/v1/conditions`)).json()).conditions;
}

function begun(conditions: Open): readonly string[] {
  return conditions.map(({ name, subject, since }) => `${name} ${JSON.stringify(subject)} since ${since}`).sort();
}

async function takeHistory(): Promise<void> {
  const ending = new AbortController();
  const { take: isTaken, push } = estate.readings;
  const { signal } = ending;
  const pushed = push(agent.url, signal, () => {});
  const onHistory = () => ending.abort();
  await feed({ url: agent.url, token, fleet, from: fleet.start, clock: systemClock, signal, isTaken, onHistory });
  await pushed;
}

/** What is open, once no more comes for a while: log records and reports are counted a moment after they came. */
async function settled(): Promise<readonly string[]> {
  for (let last = begun(await open()); ; ) {
    await wait(3_000);
    const now = begun(await open());
    if (isDeepStrictEqual(now, last)) return now;
    last = now;
  }
}

/** Every answer of some seconds, in which each loop ends a round. */
async function looks(): Promise<readonly (readonly string[])[]> {
  const seen: (readonly string[])[] = [];
  const until = Date.now() + 5_000;
  while (Date.now() < until) {
    const now = begun(await open());
    if (!isDeepStrictEqual(now, seen.at(-1))) seen.push(now);
    await wait(20);
  }
  return seen;
}

it('what is wrong has been so for as long after a restart and a reload, from the first answer on', async () => {
  await ready();
  await takeHistory();
  const names = async () => (await open()).map(({ name }) => name);
  await expect.poll(names, { timeout: 60_000, interval: 250 }).toEqual(expect.arrayContaining(KINDS));
  const before = await settled();
  await stopAgent();
  agent = await startAgent();
  const afterRestart = looks();
  await ready();
  expect(await afterRestart).toEqual([before]);
  const afterReload = looks();
  await agent.service.reload();
  expect(await afterReload).toEqual([before]);
}, 120_000);
