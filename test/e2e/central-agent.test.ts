import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ConditionsAnswer } from '../../src/web/api/schemas.ts';
import { pushAsTheScript } from '../doubles/push-script.ts';
import { type Bind, startBind } from '../peers/bind.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';
import { PATIENT } from '../support/patient.ts';

/** Nothing listens at any of them, as seen from a network without a route to theirs. */
const HOSTS = Array.from({ length: 20 }, (_, index) => `kms${String(index + 1).padStart(2, '0')}.corp.example`);
/** The first two are published. */
const ZONE = [
  ...[1, 2].map((n) => `_vlmcs._tcp SRV 0 0 1688 kms0${n}`),
  ...HOSTS.map((host) => `${host.split('.')[0]} A 127.0.0.9`),
];
const TOKEN = 'the-token-of-all-of-them';
const REPORT = readFileSync(new URL('../data/push/report.json.txt', import.meta.url), 'utf8');

describeWithPeers('a central agent that only receives', ['named'], () => {
  let bind: Bind;
  let agent: RunningAgent | undefined;

  beforeAll(async () => {
    bind = await startBind({ zones: { 'corp.example': ZONE } });
    return () => bind.stop();
  });
  afterEach(async () => {
    await agent?.stop();
    agent = undefined;
  });

  /** @param everywhere what the configuration says of all probes @param each the same of one host */
  async function start(everywhere: string, each: string): Promise<string> {
    const hosts = HOSTS.map((name) => `  - {name: ${name}, ${each}report: {push: {token: ${TOKEN}}}}`);
    const discovery = `{domains: [corp.example], servers: ["${bind.address}:${bind.port}"]}`;
    agent = await startAgent({ config: `discovery: ${discovery}\n${everywhere}\nhosts:\n${hosts.join('\n')}\n` });
    return agent.url;
  }

  async function report(url: string, host: string, status = 1): Promise<number> {
    const body = REPORT.replace(/"time":"[^"]*"/, `"time":"${new Date().toISOString()}"`).replaceAll(
      /"LicenseStatus":\d+/g,
      `"LicenseStatus":${status}`,
    );
    const path = `/api/v1/reports/${host}`;
    return (await pushAsTheScript({ url, path, type: 'application/json', token: TOKEN, body })).status;
  }

  async function open(url: string): Promise<readonly string[]> {
    const { conditions } = ConditionsAnswer.parse(await (await fetch(`${url}/api/v1/conditions`)).json());
    return [...new Set(conditions.map(({ name, subject }) => `${name} ${subject['host'] ?? ''}`.trim()))];
  }

  it.each([
    ['probe.enabled: false', 'probe: {enabled: false}', ''],
    ['hosts[].probe: false', '', 'probe: false, '],
  ])('says nothing of ports that it cannot reach (%s)', async (_title, everywhere, each) => {
    const url = await start(everywhere, each);
    const statuses = await Promise.all(HOSTS.map((host) => report(url, host)));
    expect(new Set(statuses)).toEqual(new Set([204]));

    await vi.waitFor(async () => expect(await open(url)).toEqual([]), PATIENT);
    const page = (await agent?.metrics()) ?? '';
    expect(['kms_hosts', 'kms_hosts_up', 'kms_hosts_unknown'].map((name) => seriesValue(page, name))).toEqual([
      20, 0, 20,
    ]);
    expect(page).not.toMatch(/^kms_(host_up|host_prob\w+|host_last_probe\w+|host_genuine|domain_hosts_ready)\{/m);
    expect(page.match(/^kms_host_report_up\{.*\} 1$/gm)).toHaveLength(20);
    const status = await (await fetch(url)).text();
    expect(status).toContain('not probed');

    // What does not rest on a port is said as ever.
    await report(url, 'kms07.corp.example', 5);
    await vi.waitFor(async () => expect(await open(url)).toEqual(['KmsHostNotActivated kms07.corp.example']), PATIENT);
  });

  it('calls them down if it is not told that it cannot reach them', async () => {
    const url = await start('', '');
    await vi.waitFor(async () => expect(await open(url)).toContain('KmsHostDown kms07.corp.example'), PATIENT);
  });
});
