import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { type Alertmanager, startAlertmanager } from '../peers/alertmanager.ts';
import { type Daemon, startDaemon } from '../peers/daemon.ts';
import { peerPath } from '../peers/find-peer.ts';
import { freePort } from '../peers/free-port.ts';
import { millisOf } from '../peers/prometheus.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { startWebhook, type Webhook } from '../peers/webhook.ts';
import { REPOSITORY } from './agent.ts';
import { PATIENT } from './patient.ts';
import { RULES } from './promtool.ts';

/** Milliseconds that Alertmanager waits for more of a group; longer than between two evaluations, on a busy machine too. */
export const GROUP_WAIT = 5_000;

const EXAMPLE = join(REPOSITORY, 'config/alertmanager.example.yml');

const Shipped = z.looseObject({ route: z.looseObject({}), receivers: z.array(z.object({ name: z.string() })) });
const Alerts = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    status: z.object({ inhibitedBy: z.array(z.string()) }),
  }),
);

const Vector = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }),
});

/** Prometheus with the rules, and Alertmanager with the file, that are shipped; every receiver is one webhook. */
export interface ShippedAlerting {
  readonly webhook: Webhook;
  /** Labels of the alerts that another one silences in Alertmanager. */
  silenced(): Promise<readonly Record<string, string>[]>;
  /** The series that an expression has now in Prometheus, by their labels. */
  query(expression: string): Promise<readonly Record<string, string>[]>;
  stop(): Promise<void>;
}

/**
 * Starts both, and waits until Prometheus scrapes the agent and knows Alertmanager.
 * @param agent its URL
 * @param hurry by which the holds of the rules are divided
 */
export async function startShippedAlerting(agent: string, hurry: number): Promise<ShippedAlerting> {
  const webhook = await startWebhook();
  const alertmanager = await startAlertmanager(alertmanagerConfig(webhook.url));
  const folder = await temporaryFolder();
  await folder.write('kmswatch.rules.yml', hurried(readFileSync(RULES, 'utf8'), hurry));
  await folder.write('prometheus.yml', prometheusConfig(new URL(agent).host, new URL(alertmanager.url).host));
  const address = `127.0.0.1:${await freePort()}`;
  const prometheus = await startDaemon({
    command: [
      peerPath('prometheus'),
      `--config.file=${folder.path}/prometheus.yml`,
      `--storage.tsdb.path=${folder.path}/data`,
      `--web.listen-address=${address}`,
    ],
    ready: async () => (await fetch(`http://${address}/-/ready`)).ok,
  });
  await watching(`http://${address}/api/v1`);
  return {
    webhook,
    silenced: () => silencedAt(alertmanager),
    query: async (expression) => {
      const parameters = new URLSearchParams({ query: expression });
      const { data } = Vector.parse(await (await fetch(`http://${address}/api/v1/query?${parameters}`)).json());
      return data.result.map(({ metric }) => metric);
    },
    stop: () => stopAll(prometheus, alertmanager, webhook, folder),
  };
}

/** Prometheus takes 5 s after its start to know whom to scrape and whom to tell; an agent is watched for longer. */
async function watching(api: string): Promise<void> {
  const known = async () => {
    const [managers, up] = await Promise.all(
      ['alertmanagers', 'query?query=up==1'].map(async (path) => (await fetch(`${api}/${path}`)).text()),
    );
    return [JSON.parse(managers ?? '').data.activeAlertmanagers.length, JSON.parse(up ?? '').data.result.length];
  };
  await vi.waitFor(async () => expect(await known()).toEqual([1, 1]), PATIENT);
}

async function silencedAt({ url }: Alertmanager): Promise<readonly Record<string, string>[]> {
  const alerts = Alerts.parse(await (await fetch(`${url}/api/v2/alerts`)).json());
  return alerts.filter(({ status }) => status.inhibitedBy.length > 0).map(({ labels }) => labels);
}

async function stopAll(
  prometheus: Daemon,
  alertmanager: Alertmanager,
  webhook: Webhook,
  folder: { remove(): Promise<void> },
): Promise<void> {
  await prometheus.stop();
  await alertmanager.stop();
  await webhook.close();
  await folder.remove();
}

function hurried(rules: string, hurry: number): string {
  return rules.replace(/^( +(?:for|keep_firing_for): )(\w+)$/gm, (_, key, text) => {
    return `${key}${Math.max(1, Math.round(millisOf(text) / hurry))}ms`;
  });
}

function alertmanagerConfig(url: string): string {
  const { route, receivers, ...rest } = Shipped.parse(parse(readFileSync(EXAMPLE, 'utf8')));
  const hook = { webhook_configs: [{ url, send_resolved: true }] };
  return stringify({
    ...rest,
    route: { ...route, group_wait: `${GROUP_WAIT}ms`, group_interval: '1s' },
    receivers: receivers.map(({ name }) => ({ name, ...hook })),
  });
}

function prometheusConfig(agent: string, alertmanager: string): string {
  return `
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 250ms}
rule_files: [kmswatch.rules.yml]
alerting:
  alertmanagers:
    - static_configs: [{targets: ["${alertmanager}"]}]
scrape_configs:
  - job_name: kmswatch
    static_configs: [{targets: ["${agent}"]}]
`;
}
