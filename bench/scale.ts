import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { ESTATE } from '../dashboards/source/estate.ts';
import { build } from '../dashboards/source/frame.ts';
import { startDnsServer } from '../src/demo/dns-server.ts';
import { requestData } from '../src/demo/fleet/log-record.ts';
import { MINUTE_S } from '../src/kernel/time.ts';
import { filled, readDashboard } from '../test/history/grafana.ts';
import { freePort } from '../test/peers/free-port.ts';
import { type Prometheus, startPrometheus } from '../test/peers/prometheus.ts';
import { startAgent } from '../test/support/agent.ts';
import { OFFICE, SERVER, WINDOWS_10 } from '../test/support/stories.ts';
import { makeHosts, startHosts } from './hosts.ts';
import { median, quantile } from './measure.ts';
import { mebibytes, milliseconds, print } from './report.ts';
import { twoScrapers } from './two-scrapers.ts';

const AGENTS = Number(process.env['AGENTS'] ?? 50);
const HOSTS = 20;
const DOMAINS = 5;
const SERVERS = 3;
const CLIENTS = 2000;
/** Of the logs, and of the reports. */
const [LOGS, REPORTS] = ['the-token-of-the-logs', 'the-token-of-the-reports'];
/** Rounds of all rules that are measured, after those in which Prometheus learns whom it scrapes. */
const ROUNDS = 10;
/** Seconds. */
const EVERY = 5;
const REPORT = new URL('../test/data/push/report.json.txt', import.meta.url);

/** Many agents in one Prometheus, and one agent with as much as it may have. */
export async function scale(): Promise<void> {
  await manyAgents();
  await twoScrapers();
}

/**
 * One agent with a number of hosts; its page, served under many names, in one Prometheus with the shipped rules: series,
 * the time of all rules, and of each expression of the dashboard of the estate.
 */
async function manyAgents(): Promise<void> {
  const page = await pageOfAgent();
  const server = createServer((_, response) => response.end(page)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sites = Array.from({ length: AGENTS }, (_, index) => `site${index + 1}`);
  const pace = `${EVERY}s`;
  const prometheus = await startPrometheus({
    global: { scrape_interval: pace, scrape_timeout: pace, evaluation_interval: pace },
    scrape_configs: [
      {
        job_name: 'kmswatch',
        static_configs: sites.map((site) => ({
          targets: [target],
          labels: { site, instance: 'localhost:11688' },
        })),
      },
    ],
  });
  while ((await prometheus.known())[0] < AGENTS) await wait(500);
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await wait(EVERY * 1000);
    rounds.push(1000 * sumOf(await own(prometheus), 'prometheus_rule_group_last_duration_seconds'));
  }
  const firing = (await prometheus.query('ALERTS{alertstate="firing"}')).length;
  const asked = await dashboard(prometheus);
  const metrics = await own(prometheus);
  const failing = await prometheus.failingRules();
  await prometheus.stop();
  server.close();
  server.closeAllConnections();
  print(`${AGENTS} agents of ${HOSTS} hosts, ${DOMAINS} domains and ${CLIENTS} clients in one Prometheus`, [
    { what: 'series of an agent', value: String(page.match(/^\w.*$/gm)?.length ?? 0), bar: '2500' },
    { what: 'series of all in Prometheus', value: String(sumOf(metrics, 'prometheus_tsdb_head_series')) },
    { what: 'all rules, median round', value: milliseconds(median(rounds)), bar: '1500 ms' },
    { what: 'all rules, slowest round', value: milliseconds(Math.max(...rounds)), bar: '1500 ms' },
    { what: 'alerts that fire', value: String(firing) },
    { what: 'rounds of rules that were missed', value: missed(metrics), bar: '0' },
    { what: 'rules that failed', value: String(failing.length), bar: '0' },
    { what: 'expressions of the dashboard of the estate, all together', value: milliseconds(sum(asked)) },
    { what: 'the slowest of them', value: milliseconds(quantile(asked, 1)) },
    {
      what: 'resident memory of Prometheus',
      value: mebibytes(sumOf(metrics, 'process_resident_memory_bytes') / 2 ** 20),
    },
  ]);
}

/** The metrics of an agent that watches hosts which report, and whose clients ask. */
async function pageOfAgent(): Promise<string> {
  const port = await freePort();
  const listening = makeHosts(HOSTS, port, false);
  const child = await startHosts(listening);
  const names = listening.map(({ address }, index) => ({
    address,
    host: `kms${String(index + 1).padStart(2, '0')}.corp.example`,
    domain: `d${(index % DOMAINS) + 1}.corp.example`,
  }));
  const domains = [...new Set(names.map(({ domain }) => domain))];
  const records = names.flatMap(({ address, host, domain }) => [
    { name: `_vlmcs._tcp.${domain}`, type: 'SRV', target: host, port } as const,
    { name: host, type: 'A', address } as const,
  ]);
  const servers = await Promise.all(
    Array.from({ length: SERVERS }, () => startDnsServer({ zones: ['corp.example'], records })),
  );
  const agent = await startAgent({
    config: JSON.stringify({
      discovery: { domains, servers: servers.map(({ address, port: at }) => `${address}:${at}`) },
      hosts: names.map(({ host }) => ({ name: host, report: { push: { token: REPORTS } } })),
      ingest: { token: LOGS },
    }),
  });
  const post = async (token: string, path: string, body: string) => {
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(`${agent.url}${path}`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  };
  const report = JSON.parse(readFileSync(REPORT, 'utf8'));
  for (const [index, { host }] of names.entries()) {
    const time = new Date().toISOString();
    await post(REPORTS, `/api/v1/reports/${host}`, JSON.stringify({ ...report, time }));
    await post(LOGS, '/api/v1/events', logOf(host, index).join('\n'));
  }
  // The hosts of the bench accept any bind. Alerts that fire are another question: each asks for its texts in every round.
  const page = (await agent.metrics()).replaceAll(/^(kms_host_genuine\{.*\}) 0$/gm, '$1 1');
  await agent.stop();
  await Promise.all(servers.map((each) => each.close()));
  await child.stop();
  return page;
}

/** Each of the host's clients asked once within a day. */
function logOf(host: string, index: number): readonly string[] {
  const now = Math.floor(Date.now() / 1000);
  const count = CLIENTS / HOSTS;
  return Array.from({ length: count }, (_, nth) => {
    const at = now - (count - nth) * MINUTE_S * 10;
    const client = index * count + nth;
    const { nPolicy, activationId } = [WINDOWS_10, SERVER, OFFICE][nth % 3] ?? WINDOWS_10;
    return JSON.stringify({
      host,
      channel: 'Key Management Service',
      record_id: nth + 1,
      time: new Date(at * 1000).toISOString(),
      event_id: 12290,
      data: requestData({
        hresult: 0,
        clientTime: at,
        virtual: client % 3 === 0,
        status: 1,
        minutes: 259_000,
        machine: `srv-${client}.corp.example`,
        clientId: `8d3ed6a5-7be9-4d13-b7cf-${String(client).padStart(12, '0')}`,
        nPolicy,
        activationId,
      }),
    });
  });
}

/** Milliseconds of each expression of the dashboard, over all sites. */
async function dashboard(prometheus: Prometheus): Promise<readonly number[]> {
  const { panels } = readDashboard(JSON.stringify(build(ESTATE)));
  const times: number[] = [];
  for (const { expr } of panels.flatMap(({ targets }) => targets)) {
    const began = performance.now();
    await prometheus.query(filled(expr, {}, MINUTE_S));
    times.push(performance.now() - began);
  }
  return times;
}

/** What Prometheus says of itself. */
async function own({ url }: Prometheus): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

function sumOf(page: string, metric: string): number {
  const values = [...page.matchAll(new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
  return sum(values.map(([, value]) => Number(value)));
}

function missed(page: string): string {
  return String(sumOf(page, 'prometheus_rule_group_iterations_missed_total'));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
