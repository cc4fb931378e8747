import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { type DemoEstate, startDemoEstate } from '../../src/demo/estate.ts';
import { demoFleet } from '../../src/demo/fleet/demo-fleet.ts';
import { feed } from '../../src/demo/fleet/feed.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { ConditionsAnswer } from '../../src/web/api/schemas.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { seriesValue } from '../support/agent.ts';
import { PATIENT } from '../support/patient.ts';
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
/** Time stops for the fleet, so that no host reports requests after the end of the history, which its log lacks. */
const fleetClock = manualClock(Date.now());
const fleet = demoFleet(fleetClock.now());
let estate: DemoEstate;
let folder: TemporaryFolder;
let agent: RunningService;

beforeAll(async () => {
  estate = await startDemoEstate(fleet, token, fleetClock);
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
    ...PATIENT,
    interval: 10,
  });
}

async function open(): Promise<Open> {
  return ConditionsAnswer.parse(await (await fetch(`${agent.url}/api/v1/conditions`)).json()).conditions;
}

function begun(conditions: Open): readonly string[] {
  return conditions.map(({ name, subject, since }) => `${name} ${JSON.stringify(subject)} since ${since}`).sort();
}

/** Ingests all records and judges them. Records over WinRM arrive after those that are sent: seconds, under load. */
async function takeHistory(): Promise<void> {
  const ending = new AbortController();
  const { append, push } = estate.readings;
  const { signal } = ending;
  let read = 0;
  let sent = 0;
  const isTaken: typeof append = (record) => {
    const taken = append(record);
    if (taken) read++;
    else sent++;
    return taken;
  };
  const pushed = push(agent.url, signal, () => {});
  const onHistory = () => ending.abort();
  await feed({ url: agent.url, token, fleet, from: fleet.start, clock: fleetClock, signal, isTaken, onHistory });
  await pushed;
  await expect.poll(accepted, { interval: 250 }).toEqual([read, sent]);
  const all = Date.now() / 1000;
  // Its rounds end with a judgement.
  const lastProbe = () => series('kmswatch_last_poll_timestamp_seconds{loop="probe"}');
  await expect.poll(lastProbe, { interval: 250 }).toBeGreaterThan(all);
}

async function accepted(): Promise<readonly number[]> {
  const count = (source: string) => series(`kms_ingest_events_total{source="${source}",result="accepted"}`);
  return Promise.all(['winrm', 'http'].map(count));
}

async function series(name: string): Promise<number> {
  return seriesValue(await (await fetch(`${agent.url}/metrics`)).text(), name) ?? Number.NaN;
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
  const found = await open();
  expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(KINDS));
  const before = begun(found);
  await stopAgent();
  agent = await startAgent();
  const afterRestart = looks();
  await ready();
  expect(await afterRestart).toEqual([before]);
  const afterReload = looks();
  await agent.service.reload();
  expect(await afterReload).toEqual([before]);
}, 900_000);
