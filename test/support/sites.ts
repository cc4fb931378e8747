/** What the tests of layouts share: sites, and the files that are shipped for them. */
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { type DemoDnsServer, startDnsServer } from '../../src/demo/dns-server.ts';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import type { Alertmanager } from '../peers/alertmanager.ts';
import type { Webhook } from '../peers/webhook.ts';

const ZONE = 'corp.example';

export interface Site {
  readonly hosts: SimulatedHost[];
  /** Of an agent. */
  readonly config: string;
  /** Brings a host back at its port. */
  restart(index: number): Promise<void>;
  close(): Promise<void>;
}

/** KMS hosts that are called kms01, kms02 and so on, and a name server that publishes them. */
export async function startSite(count: number): Promise<Site> {
  const hosts = await Promise.all(Array.from({ length: count }, () => startSimulatedHost({ kind: 'healthy' })));
  const dns: DemoDnsServer = await startDnsServer({
    zones: [ZONE],
    records: hosts.flatMap(({ address, port }, index) => {
      const name = `kms0${index + 1}.${ZONE}`;
      return [
        { name: `_vlmcs._tcp.${ZONE}`, type: 'SRV', target: name, port } as const,
        { name, type: 'A', address } as const,
      ];
    }),
  });
  const EVERY = '"*/2 * * * * *"';
  return {
    hosts,
    config: `
discovery: {domains: [${ZONE}], servers: ["${dns.address}:${dns.port}"], schedule: ${EVERY}}
probe: {schedule: ${EVERY}}
`,
    restart: async (index) => {
      hosts[index] = await startSimulatedHost({ kind: 'healthy', port: hosts[index]?.port ?? 0 });
    },
    close: async () => {
      await dns.close();
      await Promise.all(hosts.map((host) => host.close()));
    },
  };
}

/** A file of `config` for Prometheus, at the pace of a test. */
export function shipped(name: string, managers: readonly Alertmanager[]) {
  const config = parse(readFileSync(new URL(`../../config/${name}`, import.meta.url), 'utf8'));
  const targets = managers.map(({ url }) => new URL(url).host);
  const pace = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
  return {
    ...config,
    global: { ...config.global, ...pace },
    alerting: { ...config.alerting, alertmanagers: [{ static_configs: [{ targets }] }] },
  };
}

/** The scrape of the agents of other sites, as it is in `prometheus-site.yml` with a sign of a comment before each line. */
export function otherSites() {
  const text = readFileSync(new URL('../../config/prometheus-site.yml', import.meta.url), 'utf8');
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.includes('- job_name: kmswatch-other-sites'));
  const length = lines.slice(from).findIndex((line) => !line.startsWith('  #'));
  const [job] = parse(
    lines
      .slice(from, from + length)
      .map((line) => line.replace('  # ', ''))
      .join('\n'),
  );
  return job;
}

/** The routes and the inhibition of the example; every receiver is the webhook. */
export function exampleRouting({ url }: Webhook): string {
  const { route, inhibit_rules, receivers } = parse(
    readFileSync(new URL('../../config/alertmanager.example.yml', import.meta.url), 'utf8'),
  );
  return stringify({
    route: { ...route, group_wait: '1s', group_interval: '1s' },
    inhibit_rules,
    receivers: receivers.map(({ name }: { name: string }) => ({
      name,
      webhook_configs: [{ url, send_resolved: true }],
    })),
  });
}

/**
 * What somebody received, in its order; alerts of one cause in one message count once. Before its first scrape Prometheus
 * has no agent at all, which is left out.
 */
export function toldBy({ received }: Webhook): readonly string[] {
  const told = received
    .filter(({ labels }) => labels['job'] !== undefined)
    .map(({ at, status, labels: { alertname, site, host } }) => ({
      at,
      text: [status, alertname, site, ...(host === undefined ? [] : [host.split('.')[0]])].join(' '),
    }));
  return told
    .filter(({ at, text }, index) => told.findIndex((each) => each.at === at && each.text === text) === index)
    .map(({ text }) => text);
}
