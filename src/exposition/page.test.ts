import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { answer, estate, failure, probe, server } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { LTSC_2024, machineCounts, silentMachines } from '../../test/support/machines.ts';
import { aggregates, records } from '../../test/support/records.ts';
import { OFFICE_KEY, report, WINDOWS_KEY } from '../../test/support/reports.ts';
import type { AgentSnapshot } from '../conditions/agent-snapshot.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import { silentLogger } from '../kernel/logger.ts';
import { MINUTE_MS, millis, seconds } from '../kernel/time.ts';
import type { Aggregates } from '../store/aggregates.ts';
import type { MetricsSnapshot } from './metric.ts';
import { METRIC_GROUPS } from './metrics-table.ts';
import { createMetricsPage } from './page.ts';

const NOW = 1_700_000_000_000;
/** One that the tables of keys have. */
const KNOWN_KEY = { ...WINDOWS_KEY, activationId: '661f7658-7035-4b4c-9f35-010682943ec2' };

/** Two servers of which one fails, an expected host that is missing, an unexpected one, an impostor, one that is down. */
function estateAt(at = NOW): EstateSnapshot {
  const watched = estate({
    domains: [
      {
        name: hostName('corp.example'),
        expectedHosts: [hostName('kms01.corp.example'), hostName('kms09.corp.example')],
      },
    ],
    servers: [server('10.0.0.53'), server('10.0.1.53'), server('[2001:db8::53]:5353')],
    directory: { limit: millis(60_000), expectedObjects: ['Office'] },
    hosts: [
      { name: hostName('kms03.corp.example'), aliases: [], port: 1689, report: 'winrm', isSubscribed: true },
      { name: hostName('kms04.corp.example'), aliases: [], port: 1688, report: 'command', isSubscribed: true },
    ],
  });
  const told = { host: hostName('kms03.corp.example'), report: report(NOW, [KNOWN_KEY, OFFICE_KEY]) };
  watched.recordReport({ ...told, at: millis(NOW), asOf: millis(NOW) });
  watched.recordReportFailure(hostName('kms04.corp.example'), 'test: it is silent', millis(NOW));
  watched.recordSubscriptionAnswer(hostName('kms03.corp.example'), millis(NOW));
  watched.recordSubscriptionFailure(hostName('kms04.corp.example'), 'test: it is silent');
  watched.recordLookup(answer(NOW, ['kms01.corp.example/10/20', 'rogue.corp.example']));
  watched.recordLookup(answer(NOW, ['kms01.corp.example/10/20'], { from: '10.0.1.53' }));
  watched.recordLookup(failure(NOW, 'servfail', { from: '[2001:db8::53]:5353' }));
  watched.recordProbe(probe(NOW, 'kms01.corp.example'));
  watched.recordProbe(probe(NOW, 'rogue.corp.example'));
  watched.recordProbe(probe(NOW, 'kms03.corp.example', 'refused', 1689));
  watched.recordProbe(probe(NOW, 'kms09.corp.example', 'unresolvable'));
  watched.recordImpostorCheck({ host: hostName('kms01.corp.example'), port: 1688, at: millis(NOW), genuine: true });
  watched.recordImpostorCheck({ host: hostName('rogue.corp.example'), port: 1688, at: millis(NOW), genuine: false });
  const objects = [
    { name: 'Office', activationId: 'f3d89bbf-c0ec-47ce-a8fa-e5a5f97e447f', partialKey: 'T84K8' },
    { name: 'Other', activationId: undefined, partialKey: undefined },
  ];
  watched.recordDirectory(objects, millis(NOW));
  return watched.snapshot(millis(at));
}

const AGENT: AgentSnapshot = {
  build: { version: '1.2.3', revision: '0123abc', node: '24.0.0', platform: 'linux', arch: 'x64' },
  externalUrl: 'https://mon.corp.example/kms/',
  reload: { successful: true, lastSuccess: millis(NOW) },
  loops: [
    { name: 'discovery', duration: 0.25, lastEnd: millis(NOW), limit: seconds(900), skipped: 1 },
    { name: 'probe', duration: undefined, lastEnd: undefined, limit: seconds(180), skipped: 0 },
  ],
  clock: { steps: 1, isStepped: true, behind: seconds(90_000), isInDoubt: false },
  store: { up: true, bytes: 4096 },
  receivers: [
    { receiver: 'webhook-1', delivered: 3, failed: 1, dropped: 0, lastDelivered: millis(NOW), lastFailed: undefined },
  ],
};

async function render(estate: EstateSnapshot): Promise<string> {
  return text(createMetricsPage(silentLogger).render(snapshotOf(estate)));
}

function snapshotOf(estate: EstateSnapshot): MetricsSnapshot {
  const logs = records(estate.at / 1000, withWrongClocks(aggregates(NOW / 1000)));
  const source = {
    source: 'computers.csv',
    isConfigured: true,
    isUp: true,
    isStale: false,
    readAt: seconds(NOW / 1000),
  };
  const machines = machineCounts({
    notRenewing: [silentMachines(2)],
    pinned: [{ host: hostName('kms07.corp.example'), machines: 4 }],
    products: [LTSC_2024],
  });
  return { estate, logs: { ...logs, machines, inventory: [{ ...source, machines: 50 }] }, agent: AGENT };
}

function own(page: string): string {
  const lines = page.split('\n');
  return `${lines
    .slice(
      0,
      lines.findIndex((line) => line.startsWith('# HELP process_')),
    )
    .join('\n')
    .trimEnd()}\n`;
}

function names(page: string): Set<string> {
  return new Set([...page.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? ''));
}

/** Beside others, clients that have nothing but a wrong clock. */
function withWrongClocks(known: Aggregates): Aggregates {
  const host = hostName('kms01.corp.example');
  return {
    ...known,
    retrying: [...known.retrying, { host, cls: 'office', retrying: 3, long: 2, skewed: 2 }],
    failedRatios: [...known.failedRatios, { host, pool: 'office', ratio: 0.5, isClock: true, failures: [] }],
  };
}

describe('the page of metrics', () => {
  it('is the golden file for a known estate', async () => {
    await expect(own(await render(estateAt()))).toMatchFileSnapshot('../../test/data/golden.metrics');
  });

  it('has the same samples in OpenMetrics, in families whose names differ', async () => {
    const page = await text(createMetricsPage(silentLogger).render(snapshotOf(estateAt()), 'openmetrics'));
    const samples = (of: string) =>
      own(of)
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
    expect(samples(page)).toEqual(samples(await render(estateAt())));
    const families = [...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(new Set(families).size).toBe(families.length);
    expect(page).not.toMatch(/\n\n/);
    expect(page).toMatch(/\n# EOF\n$/);
  });

  it('has every metric of the table', async () => {
    const table = METRIC_GROUPS.flatMap((group) => group.metrics.map((metric) => metric.name));
    const page = names(await render(estateAt()));
    expect(table.filter((name) => !page.has(name))).toEqual([]);
    expect(new Set(table).size).toBe(table.length);
  });

  it('withdraws what is stale, and keeps times and totals', async () => {
    const page = own(await render(estateAt(NOW + 60 * MINUTE_MS)));
    const polled = /^kms_(dns|domain_hosts|host_(up|addr|probe|probes|genuine|last_probe|published|expected)|hosts)/;
    const kept = [...names(page)].filter((name) => polled.test(name)).sort();
    expect(kept).toEqual([
      'kms_dns_lookup_failures_total',
      'kms_dns_lookups_duration_seconds',
      'kms_dns_lookups_total',
      'kms_host_expected',
      'kms_host_genuine',
      'kms_host_last_probe_timestamp_seconds',
      'kms_host_probe_failures_total',
      'kms_host_probes_duration_seconds',
      'kms_host_probes_total',
    ]);
  });

  it('withdraws what a host said too long ago, and keeps its totals', async () => {
    const page = own(await render(estateAt(NOW + 15 * MINUTE_MS)));
    const told =
      /^kms_host_(report|last_report|clients|required|requests|failed|license|listening|dns_publishing|low|activation_interval|renewal|info)/;
    expect([...names(page)].filter((name) => told.test(name)).sort()).toEqual([
      'kms_host_failed_requests_total',
      'kms_host_last_report_timestamp_seconds',
      'kms_host_requests_by_license_status_total',
      'kms_host_requests_total',
    ]);
  });

  it('counts gaps from 0 of a log that a report says was read, although no record of it has come', async () => {
    const quiet = hostName('kms05.corp.example');
    const watched = estate({ hosts: [{ name: quiet, aliases: [], port: 1688, report: 'push', isSubscribed: false }] });
    const told = { ...report(NOW, [KNOWN_KEY]), logs: [{ channel: 'Key Management Service', recordId: 0 }] };
    watched.recordReport({ host: quiet, report: told, at: millis(NOW), asOf: millis(NOW) });
    const page = await render(watched.snapshot(millis(NOW)));
    expect(page).toContain('kms_host_activations_up{host="kms05.corp.example"} 1\n');
    expect(page).toContain('kms_event_log_gaps_total{host="kms05.corp.example"} 0\n');
  });

  it('withdraws what rests on a log that is not read any more', async () => {
    const page = await render(estateAt());
    expect(page).toContain('kms_host_activations_up{host="kms02.corp.example"} 0');
    expect(page).toContain('kms_host_last_request_timestamp_seconds{host="kms02.corp.example",pool="office"}');
    expect(page).not.toContain('kms_host_active_clients{host="kms02.corp.example"');
    expect(page).not.toContain('kms_host_threshold_margin{host="kms02.corp.example"');
    expect(page).toContain('kms_domain_threshold_margin{domain="corp.example",class="client"} 36');
  });

  it('is the same for readers that come together', async () => {
    const page = createMetricsPage(silentLogger);
    const estates = [estateAt(), estateAt(NOW + 60 * MINUTE_MS), estateAt()];
    const together = await Promise.all(estates.map((estate) => text(page.render(snapshotOf(estate)))));
    const apart = await Promise.all(estates.map((estate) => render(estate)));
    expect(together.map(own)).toEqual(apart.map(own));
  });

  it('lacks only the metric that fails, and logs it', async () => {
    const errors: object[] = [];
    const page = createMetricsPage({ ...silentLogger, error: (fields) => errors.push(fields) });
    const whole = estateAt();
    const broken = {
      ...whole,
      get hostCount(): number {
        throw new Error('broken');
      },
    };
    const rest = names(await text(page.render(snapshotOf(broken))));
    expect([rest.has('kms_hosts'), rest.has('kms_hosts_up')]).toEqual([false, true]);
    expect(errors).toHaveLength(1);
  });

  it('is whole and has each series once where a family is written in several parts', async () => {
    const hosts = Array.from({ length: 700 }, (_, n) => hostName(`kms${n}.corp.example`));
    const many = estate({ domains: [{ name: hostName('corp.example'), expectedHosts: hosts }] });
    for (const host of hosts) many.recordProbe(probe(NOW, host));
    const page = createMetricsPage(silentLogger).render(snapshotOf(many.snapshot(millis(NOW))));
    const pieces: string[] = await Readable.from(page).toArray();
    const lines = pieces.join('').split('\n');
    const series = lines.filter((line) => line.startsWith('kms_')).map((line) => line.replace(/ \S+$/, ''));
    expect(new Set(series).size).toBe(series.length);
    expect(series.filter((each) => each.startsWith('kms_host_up{'))).toEqual(
      hosts.map((host) => `kms_host_up{host="${host}",port="1688"}`).sort(),
    );
    expect(lines.filter((line) => line.startsWith('# TYPE kms_host_up '))).toEqual(['# TYPE kms_host_up gauge']);
    expect(pieces.length).toBeGreaterThan(20);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(200_000);
  });

  it('ends a metric where it fails, and goes on with the next', async () => {
    const errors: object[] = [];
    const page = createMetricsPage({ ...silentLogger, error: (fields) => errors.push(fields) });
    const whole = snapshotOf(estateAt());
    const endpoints = new Array(700).fill(whole.estate.endpoints[0]).map((each, n) => ({ ...each, port: n }));
    Object.defineProperty(endpoints[600], 'up', {
      get() {
        throw new Error('broken');
      },
    });
    const lines = (await text(page.render({ ...whole, estate: { ...whole.estate, endpoints } }))).split('\n');
    const written = lines.filter((line) => line.startsWith('kms_host_up{')).length;
    expect(written > 0 && written <= 600).toBe(true);
    expect(lines.filter((line) => line.startsWith('kms_host_probes_total{'))).toHaveLength(700);
    expect(errors).toMatchObject([{ metric: 'kms_host_up' }, { metric: 'kms_host_service_failed' }]);
  });

  it('has none of the defaults that promlint objects to', async () => {
    expect([...names(await render(estateAt()))].filter((name) => /^nodejs_active.*_total$/.test(name))).toEqual([]);
  });
});

it('names counters as counters, and explains every metric in one sentence', () => {
  for (const { name, type, help } of METRIC_GROUPS.flatMap((group) => group.metrics)) {
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    expect(help).toMatch(/^[A-Z0-9].*[^.]$/);
  }
});
