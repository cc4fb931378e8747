import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoDnsServer, startDnsServer } from '../../src/demo/dns-server.ts';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { MAIN, type RunningAgent, startAgent } from '../support/agent.ts';
import { startBrowser, visit } from '../support/browser.ts';
import {
  BRANCH,
  CLONES,
  GONE,
  inventoryOf,
  KMS01,
  KMS02,
  LAPSING,
  logsOf,
  MACHINES,
  NEVER_ASKED,
  QUIET,
  SERVERS,
  WITH_OFFICE_2016,
} from '../support/known-estate.ts';

const TOKEN = 'a-token-of-the-test';
const NOW = Date.now();

describeWithPeers('ten questions of an administrator, each with one command and one page', ['chromium'], () => {
  let host: SimulatedHost;
  let dns: DemoDnsServer;
  let agent: RunningAgent;
  let browser: Browser;
  const logs = logsOf(NOW);

  beforeAll(async () => {
    host = await startSimulatedHost({ kind: 'healthy' });
    const records = [KMS01, KMS02].flatMap((name) => [
      { name: '_vlmcs._tcp.corp.example', type: 'SRV', target: name, port: host.port } as const,
      { name, type: 'A', address: host.address } as const,
    ]);
    dns = await startDnsServer({ zones: ['corp.example'], records });
    agent = await startAgent({
      config: `discovery: {domains: [corp.example], servers: ["${dns.address}:${dns.port}"]}
ingest: {token: ${TOKEN}}
inventory: {token: ${TOKEN}}
`,
    });
    const send = async (path: string, body: string) => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      return (await fetch(`${agent.url}${path}`, { method: 'POST', headers, body })).json();
    };
    expect(await send('/api/v1/events', logs.lines.join('\n'))).toMatchObject({ accepted: logs.lines.length });
    const listed = MACHINES.length - BRANCH.length;
    expect(await send('/api/v1/machines', inventoryOf(NOW))).toMatchObject({ machines: listed });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await agent.stop();
    await Promise.all([dns.close(), host.close()]);
  });

  async function kmswatch(...args: readonly string[]): Promise<string> {
    const env = { ...process.env, STATE_DIRECTORY: agent.folder.path };
    const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    expect(code).toBe(0);
    return out;
  }

  /** The names in a list of leases or machines. */
  async function named(key: 'client' | 'machine', ...args: readonly string[]): Promise<readonly string[]> {
    const rows: Record<string, string>[] = JSON.parse(await kmswatch(...args, '--format', 'json'));
    return [...new Set(rows.map((row) => label(row[key] ?? '')))].sort();
  }

  /** The text of a page, as its reader sees it. */
  async function read(path: string): Promise<string> {
    const page = await visit(browser, `${agent.url}${path}`, { scripts: false });
    const words = await page.locator('main').innerText();
    await page.context().close();
    return words;
  }

  /** Those of the machines that a page names. */
  async function namedOn(path: string, of: readonly string[] = MACHINES): Promise<readonly string[]> {
    const words = await read(path);
    return of.filter((machine) => new RegExp(`\\b${machine}\\b`).test(words)).sort();
  }

  /** Of a log that has bare names alone, a lease has no other. */
  const label = (name: string) => name.split('.')[0] ?? '';
  const names = (machines: readonly string[]) => machines.toSorted();

  test('which machines lapse in the next 30 days', async () => {
    expect(await named('client', 'leases', '--within', '30d')).toEqual(names(LAPSING));
    expect(await namedOn('/leases?within=30d')).toEqual(names(LAPSING));
  });

  test('which have not renewed for 30 days', async () => {
    const silent = names([...LAPSING, ...QUIET]);
    expect(await named('client', 'leases', '--silent-for', '30d')).toEqual(silent);
    expect(await namedOn('/leases?silent_for=30d')).toEqual(silent);
    // Those of them that are alive are what is wrong.
    expect(await named('machine', 'machines', '--verdict', 'not_renewing')).toEqual(silent);
  });

  test('which are still on Office 2016', async () => {
    expect(await named('client', 'leases', '--product', 'Office 2016')).toEqual(names(WITH_OFFICE_2016));
    expect(await namedOn('/leases?product=Office+2016')).toEqual(names(WITH_OFFICE_2016));
  });

  test('how many Windows Servers there are', async () => {
    expect(await named('client', 'leases', '--class', 'server')).toEqual(names(SERVERS));
    expect(await namedOn('/leases?class=server')).toEqual(names(SERVERS));
  });

  test('whether the second host can take over', async () => {
    const page = await read('/');
    const failover = page.slice(page.indexOf('If a host dies'));
    const rows = failover.split('\n').filter((line) => line.startsWith(KMS01) || line.startsWith(KMS02));
    const about = (cls: string) => rows.filter((row) => row.split('\t')[2] === cls).join('\n');
    expect(about('Windows clients')).toMatch(
      /^kms01.*another host takes over.*kms02\S* \(30 of 25\)\nkms02.*another host takes over/,
    );
    expect(about('Windows Server')).toMatch(/^kms01.*another host takes over.*kms02\S* \(30 of 5\)$/);
    expect(about('Office')).toMatch(/^kms01.*nobody at first until 5 more clients have asked.*kms02\S* \(0 of 5\)$/);
  });

  test('which machines share a client id', async () => {
    expect(await named('client', 'leases', '--duplicate')).toEqual(names(CLONES));
    expect(await namedOn('/clones')).toEqual(names(CLONES));
  });

  test('whether the count falls below the threshold if a branch closes', async () => {
    const told: { hosts: { host: string; class: string; count: number; breach: string | null }[] } = JSON.parse(
      await kmswatch('forecast', '--without', 'br7-*', '--format', 'json'),
    );
    const second = told.hosts.find((one) => one.host === KMS02 && one.class === 'client');
    const days = (Date.parse(second?.breach ?? '') - NOW) / 86_400_000;
    // Their last contacts are a day and a half old, and count for 30 days.
    expect(days).toBeCloseTo(28.5, 1);
    expect(told.hosts.find((one) => one.host === KMS01 && one.class === 'client')?.breach).toBeNull();
    expect(await read('/forecast?without=br7-*')).toMatch(
      /20 of them[\s\S]*kms02\S*\s+client\s+30\s+25\s+10\s+in 28 days/,
    );
  });

  test('which of the machines in the directory never asked', async () => {
    expect(await named('machine', 'machines', '--verdict', 'never_asked')).toEqual(names(NEVER_ASKED));
    expect(await namedOn('/machines?verdict=never_asked')).toEqual(names(NEVER_ASKED));
    expect(await named('machine', 'machines', '--verdict', 'gone')).toEqual(names(GONE));
  });

  test('all of it in a spreadsheet, of any locale', async () => {
    const bytes = Buffer.from(await (await fetch(`${agent.url}/machines.csv?separator=;`)).arrayBuffer());
    const [head = '', ...rows] = bytes.toString().trimEnd().split('\r\n');
    expect(head).toMatch(/^\u{feff}machine;.*;last_request;/u);
    expect(rows).toHaveLength(MACHINES.length);
    const asked = rows.map((row) => row.split(';')[head.split(';').indexOf('last_request')] ?? '');
    expect(asked.filter((time) => time !== '' && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time))).toEqual([]);
    const out = await kmswatch('machines', '--format', 'csv');
    expect(out.trimEnd().split('\r\n')).toHaveLength(MACHINES.length + 1);
  });

  test('a report of a month', async () => {
    const month = new Date(NOW - 8 * 86_400_000).toISOString().slice(0, 7);
    const active = logs.activeIn(month);
    const told: { machines: { active: number } } = JSON.parse(
      await kmswatch('report', '--month', month, '--format', 'json'),
    );
    expect(told.machines.active).toBe(active);
    expect(await read(`/report?month=${month}`)).toMatch(
      new RegExp(`Report of ${month}[\\s\\S]*All products\\s+${active.toLocaleString('en-US')}\\s`),
    );
  });
});
