import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Daemon, startDaemon } from '../peers/daemon.ts';
import { freePort } from '../peers/free-port.ts';
import { MAIN, REPOSITORY } from '../support/agent.ts';
import { PATIENT } from '../support/patient.ts';

/** The history, and two minutes in which nothing more of it comes. */
const HISTORY_TIMEOUT = 660_000;

let demo: Daemon;
let url = '';

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  demo = await startDaemon({
    command: [process.execPath, MAIN, 'demo', '--web.listen', `127.0.0.1:${port}`],
    cwd: REPOSITORY,
    ready: async () => (await fetch(`${url}/-/ready`)).status === 200,
  });
});
afterAll(() => demo.stop());

async function metrics(): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

it('prints what there is and where to look', () => {
  const text = demo.output();
  expect(text).toContain(`Status page  ${url}/`);
  expect(text).toMatch(/kms02\.corp\.example:\d+ is down/);
  expect(text).toMatch(/kms01\.corp\.example is read over WinRM at http:\/\/127\.0\.0\.1:\d+\/wsman/);
});

it('has one host of every kind, and the agent tells them apart', async () => {
  const outcomes = async () => {
    const found = (await metrics()).matchAll(
      /^kms_host_probe_outcome\{host="(\w+)\.corp\.example",.*outcome="(\w+)"\} 1$/gm,
    );
    return Object.fromEntries([...found].map(([, host, outcome]) => [host, outcome]));
  };
  // A probe of a busy machine may come to nothing; the next one is a minute later.
  await expect.poll(outcomes, { interval: 500 }).toEqual({
    kms01: 'ok',
    kms02: 'refused',
    kms03: 'not_rpc',
    kms04: 'ok',
    kms05: 'ok',
    kms99: 'ok',
  });
  const page = await metrics();
  expect(page).toMatch(/^kms_host_genuine\{host="kms04\.corp\.example",.*\} 0$/m);
  expect(page).toMatch(/^kms_dns_srv_record_unexpected\{domain="corp\.example",host="kms99\.corp\.example",.*\} 1$/m);
});

it('has a fleet with a history, and says once the agent has read it', { timeout: HISTORY_TIMEOUT }, async () => {
  await vi.waitFor(
    () => expect(demo.output()).toMatch(/^The past of the estate is there: \d{5} records from 400 days/m),
    { timeout: HISTORY_TIMEOUT - 60_000, interval: 500 },
  );
  const reading = (await metrics()).match(/^kms_host_activations_reading\{.*/gm) ?? [];
  expect(reading).toEqual(['corp', 'corp', 'servers', 'branch'].map(() => expect.stringMatching(/ 0$/)));
  // The newest month of one host comes by its subscription, and counts at the next minute.
  await vi.waitFor(
    async () => expect(await metrics()).toMatch(/^kms_leases\{class="client",state="valid"\} [1-9]\d\d$/m),
    { ...PATIENT, interval: 500 },
  );
  const page = await metrics();
  expect(page).toMatch(/^kms_leases\{class="client",state="expiring"\} [1-9]\d$/m);
  expect(page).toMatch(/^kms_host_active_clients\{host="kms01\.branch\.example",pool="windows"\} 14$/m);
  expect(page).toMatch(/^kms_duplicate_client_ids 1$/m);
});

it('has hosts that are asked over WinRM and by a command, and a log that is subscribed to', async () => {
  const page = await metrics();
  for (const site of ['corp', 'servers']) {
    expect(page).toContain(`kms_host_report_up{host="kms01.${site}.example"} 1\n`);
    expect(page).toMatch(
      new RegExp(`^kms_host_clients\\{host="kms01\\.${site}\\.example",pool="windows",.*\\} [1-9]\\d?$`, 'm'),
    );
  }
  expect(page).toContain('kms_host_activations_up{host="kms01.corp.example"} 1\n');
  expect(page).toMatch(/^kms_ingest_events_total\{source="winrm",result="accepted"\} [1-9]\d{3}$/m);
});

it('ends with 0 on Ctrl-C', async () => {
  demo.kill('SIGINT');
  expect(await demo.exited).toBe(0);
});
