import { rename, writeFile } from 'node:fs/promises';
import { beforeAll, expect, it, vi } from 'vitest';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import { ConditionsAnswer } from '../../src/web/api/schemas.ts';
import { peerPath } from '../peers/find-peer.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { syntheticLine } from '../store/synthetic.ts';
import { type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';
import { PATIENT } from '../support/patient.ts';

const TOKEN = 'a-token-of-the-clock-test';
const RECORDS = 200;
/** Of syntheticLine: after this many records, the same ask again. */
const CLIENTS = 500;
const YEAR = 366 * 86_400;
/** The steps, in seconds from the true time, each from where the last one left the clock. */
const STEPS = [YEAR, 0, -3600, -YEAR, 0];

describeWithPeers('the agent in its own process, whose system clock is set', ['libfaketime'], () => {
  let host: SimulatedHost;
  let agent: RunningAgent;
  let clock = '';
  const epoch = Math.floor(Date.now() / 1000) - 10 * 86_400;

  beforeAll(async () => {
    host = await startSimulatedHost({ kind: 'healthy' });
    const folder = await temporaryFolder();
    clock = await folder.write('clock', '+0');
    agent = await startAgent({
      folder,
      config: `
discovery: {domains: []}
hosts: [{name: 127.0.0.1, port: ${host.port}}, {name: 127.0.0.2, port: 9}]
probe: {schedule: "* * * * * *", timeout: 500ms}
ingest: {token: ${TOKEN}}`,
      env: {
        LD_PRELOAD: peerPath('libfaketime'),
        FAKETIME_TIMESTAMP_FILE: clock,
        // Only the time of the system is false, as with a clock that was set.
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        FAKETIME_NO_CACHE: '1',
      },
    });
    return async () => {
      await agent?.stop();
      await host.close();
    };
  });

  const value = async (series: string) => seriesValue(await agent.metrics(), series);
  const probes = () => value(`kms_host_probes_total{host="127.0.0.1",port="${host.port}"}`);

  /** Of any state. */
  async function leases(): Promise<number> {
    const numbers = (await agent.metrics()).match(/^kms_leases\{.*\} \d+$/gm) ?? [];
    return numbers.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  async function send(from: number, count: number): Promise<unknown> {
    const body = Array.from({ length: count }, (_, n) => syntheticLine(from + n, epoch)).join('');
    const headers = { Authorization: `Bearer ${TOKEN}` };
    return (await fetch(`${agent.url}/api/v1/events`, { method: 'POST', headers, body })).json();
  }

  async function sinceOfHostDown(): Promise<string | undefined> {
    const { conditions } = ConditionsAnswer.parse(await (await fetch(`${agent.url}/api/v1/conditions`)).json());
    return conditions.find(({ name }) => name === 'KmsHostDown')?.since;
  }

  it('goes on probing, deletes and refuses nothing, and keeps since when a condition holds', async () => {
    await vi.waitFor(async () => expect(await sinceOfHostDown()).toBeDefined(), PATIENT);
    const since = await sinceOfHostDown();
    expect(await send(0, RECORDS)).toMatchObject({ accepted: RECORDS });
    for (const [index, step] of STEPS.entries()) {
      // At once: half a file would end the process.
      await writeFile(`${clock}.new`, step < 0 ? String(step) : `+${step}`);
      await rename(`${clock}.new`, clock);
      const before = (await probes()) ?? 0;
      // Three rounds, whatever the time of day is.
      await vi.waitFor(async () => expect(await probes()).toBeGreaterThan(before + 3), PATIENT);
      expect(await send(CLIENTS * (index + 1), 10)).toMatchObject({ accepted: 10 });
      expect(await send(0, RECORDS)).toMatchObject({ accepted: 0, duplicate: RECORDS });
    }
    expect(await value('kmswatch_clock_steps_total')).toBeGreaterThanOrEqual(STEPS.length - 1);
    expect(await leases()).toBe(RECORDS);
    expect(await value('kms_leases_forgotten_total')).toBe(0);
    expect(await sinceOfHostDown()).toBe(since);
  });
});
