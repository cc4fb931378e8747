import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { startWindowsHost, type WindowsHost } from '../../src/demo/windows/windows-host.ts';
import { startBind } from '../peers/bind.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';
import { HOST, KMS, requestEvent, requestEvents } from '../support/log-host.ts';
import { PATIENT } from '../support/patient.ts';

/** The fields of each lease that a late report changes. */
const Leases = z.object({ leases: z.array(z.object({ state: z.string(), expiry_basis: z.string().nullable() })) });
const PASSWORD = 'Pa55word-of-mon';
const KEY = {
  ID: 'd3302022-0000-4000-8000-000000000000',
  ApplicationID: '55c92734-d682-4d71-983e-d6ec3f16059f',
  Description: 'Windows(R) Operating System, VOLUME_KMS_WS22 channel',
  PartialProductKey: 'ABCDE',
  LicenseStatus: 1,
  IsKeyManagementServiceMachine: 1,
  KeyManagementServiceCurrentCount: 50,
  RequiredClientCount: 25,
  KeyManagementServiceTotalRequests: 1000,
};
const SERVICE = { Version: '10.0.20348.1', KeyManagementServiceListeningPort: 0, VLActivationInterval: 120 };

let host: WindowsHost;
let agent: RunningAgent | undefined;

beforeEach(async () => {
  const report = () => ({ service: SERVICE, products: [KEY], os: 'Microsoft Windows Server 2022 Standard' });
  host = await startWindowsHost({ name: HOST, report });
});
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
  await host.close();
});

function config(folder: string, more = ''): string {
  const winrm = `{url: "${host.url}", insecure: true, auth: basic, username: mon, password_file: password}`;
  return `
discovery: {domains: []}
reports: {schedule: "* * * * * *", timeout: 5s}
hosts:
  - name: ${HOST}
    port: 9
    report: {winrm: ${winrm}}
    activations: {winrm: ${winrm}}
  - name: kms02.corp.example
    port: 9
    report: {command: [sh, -c, "cat ${folder}/password >&2; exit 3"]}
${more}`;
}

async function start(): Promise<RunningAgent> {
  const folder = await temporaryFolder();
  await folder.write('password', `${PASSWORD}\n`);
  agent = await startAgent({ config: config(folder.path), folder });
  return agent;
}

it('tells what a host says of itself and reads its log, through a reload, without a secret anywhere', async () => {
  host.log(KMS).append(requestEvents(30));
  const running = await start();
  const value = async (series: string) => seriesValue(await running.metrics(), series);
  expect(await value(`kms_host_report_up{host="${HOST}"}`)).toBe(1);
  expect(await value('kms_host_report_up{host="kms02.corp.example"}')).toBe(0);
  const key = 'product="Windows KMS host key [VOLUME_KMS_WS22]",activation_id="d3302022-0000-4000-8000-000000000000"';
  expect(await value(`kms_host_clients{host="${HOST}",pool="windows",${key}}`)).toBe(50);
  expect(await value(`kms_host_requests_total{host="${HOST}",${key}}`)).toBe(1000);
  expect(await value(`kms_host_listening_port{host="${HOST}"}`)).toBe(1688);
  await vi.waitFor(
    async () => expect(await value(`kms_host_active_clients{host="${HOST}",pool="windows"}`)).toBe(30),
    PATIENT,
  );
  expect(await value(`kms_host_activations_up{host="${HOST}"}`)).toBe(1);
  expect(await value(`kms_event_log_gaps_total{host="${HOST}"}`)).toBe(0);
  expect(await value('kms_ingest_events_total{source="winrm",result="accepted"}')).toBe(30);
  // Best known count: the host's own, and not the census.
  await vi.waitFor(
    async () => expect(await value(`kms_host_threshold_margin{host="${HOST}",class="client"}`)).toBe(25),
    PATIENT,
  );

  // A reload that changes something else leaves the subscription as it is.
  const subscribed = host.contexts().subscriptions;
  const asked = host.requests.get('Subscribe');
  await writeFile(running.config, config(running.folder.path, 'thresholds: {client: 24}'));
  await fetch(`${running.url}/-/reload`, { method: 'POST' });
  host.log(KMS).append(requestEvents(5, 31));
  await vi.waitFor(
    async () => expect(await value(`kms_host_active_clients{host="${HOST}",pool="windows"}`)).toBe(35),
    PATIENT,
  );
  expect([host.contexts().subscriptions, host.requests.get('Subscribe')]).toEqual([subscribed, asked]);

  const pages = await Promise.all(
    ['/config', '/', '/metrics', '/api/v1/leases'].map((path) => fetch(running.url + path)),
  );
  for (const page of pages) expect(await page.text()).not.toContain(PASSWORD);
  expect(running.daemon.output()).not.toContain(PASSWORD);
  await vi.waitFor(() => expect(running.daemon.output()).toContain('exited with code 3: <secret>'), PATIENT);

  // One that takes the host away ends it.
  await writeFile(running.config, 'discovery: {domains: []}');
  await fetch(`${running.url}/-/reload`, { method: 'POST' });
  await vi.waitFor(() => expect([host.contexts().subscriptions, host.connections()]).toEqual([0, 0]), PATIENT);
});

it('finds a host by its own name servers, which this machine does not ask', async () => {
  host.log(KMS).append(requestEvents(3));
  const bind = await startBind({ zones: { 'corp.example': ['kms01 A 127.0.0.1'] } });
  const folder = await temporaryFolder();
  const url = host.url.replace('127.0.0.1', HOST);
  const winrm = { url, insecure: true, auth: 'basic', username: 'mon', password: PASSWORD };
  agent = await startAgent({
    config: JSON.stringify({
      discovery: { domains: [], servers: [`${bind.address}:${bind.port}`] },
      hosts: [{ name: HOST, port: 9, report: { winrm }, activations: { winrm } }],
    }),
    folder,
  });
  const value = async (series: string) => seriesValue((await agent?.metrics()) ?? '', `${series}{host="${HOST}"}`);
  expect(await value('kms_host_report_up')).toBe(1);
  await vi.waitFor(async () => expect(await value('kms_host_activations_up')).toBe(1), PATIENT);
  await bind.stop();
});

it('puts a report that comes late in its place in time: what was answered then is judged again', async () => {
  const now = Date.now();
  agent = await startAgent({
    config: JSON.stringify({
      discovery: { domains: [] },
      ingest: { token: 'of-the-senders' },
      hosts: [{ name: HOST, port: 9, report: { push: { token: 'of-the-host' } } }],
    }),
  });
  const { url } = agent;
  const post = async (path: string, token: string, body: object) => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.ok, await answer.text()).toBe(true);
  };
  const report = (minutesAgo: number, count: number) =>
    post(`/api/v1/reports/${HOST}`, 'of-the-host', {
      time: new Date(now - minutesAgo * 60_000).toISOString(),
      service: SERVICE,
      products: [{ ...KEY, KeyManagementServiceCurrentCount: count }],
      os: 'Microsoft Windows Server 2022 Standard',
    });
  const lease = async () => {
    return Leases.parse(await (await fetch(`${url}/api/v1/leases`)).json()).leases[0];
  };
  const margin = async () =>
    seriesValue((await agent?.metrics()) ?? '', `kms_host_threshold_margin{host="${HOST}",class="client"}`);

  // Clients without a licence, ten minutes ago: the host was not known to count enough for them. One alone may be a test,
  // and the host would not have to serve its class.
  for (const n of [1, 2]) {
    const { data } = requestEvent(n, now - 10 * 60_000);
    await post('/api/v1/events', 'of-the-senders', {
      host: HOST,
      channel: KMS,
      record_id: n,
      time: new Date(now - 10 * 60_000).toISOString(),
      event_id: 12290,
      data: data.with(7, '2').with(8, '0'),
    });
  }
  expect(await lease()).toEqual({ state: 'unactivated', expiry_basis: null });
  expect(await margin()).toBeUndefined();

  // One of five minutes ago says nothing of then, but of now.
  await report(5, 30);
  expect(await margin()).toBe(5);
  expect(await lease()).toMatchObject({ state: 'unactivated' });

  // One of twelve minutes ago does; and the newer one stays the newer one.
  await report(12, 40);
  expect(await lease()).toEqual({ state: 'valid', expiry_basis: 'presumed' });
  expect(await margin()).toBe(5);
});
