import { afterAll, beforeAll, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import type { DemoDnsServer } from '../../src/demo/dns-server.ts';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import { type Alertmanager, startAlertmanager } from '../peers/alertmanager.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type Prometheus, startPrometheus } from '../peers/prometheus.ts';
import { startWebhook, type Webhook } from '../peers/webhook.ts';
import { type RunningAgent, startAgent } from '../support/agent.ts';
import { AskingServers } from '../support/asking-servers.ts';
import { publishHost } from '../support/published-host.ts';
import { slowness } from '../support/slowness.ts';

const TOKEN = 'a-token-of-the-test';
const HOST = 'kms01.corp.example';

/** Milliseconds between two rounds of each loop; Prometheus scrapes twice as often, and evaluates twice as often as that. */
const POLL = 2_000;

/** Milliseconds in place of each hold. */
const HOLD = 1_000;

describeWithPeers('Prometheus and Alertmanager', ['prometheus', 'alertmanager'], () => {
  let host: SimulatedHost;
  let dns: DemoDnsServer;
  let agent: RunningAgent;
  let webhook: Webhook;
  let alertmanager: Alertmanager;
  let prometheus: Prometheus;
  let api = '';

  beforeAll(async () => {
    host = await startSimulatedHost({ kind: 'healthy' });
    dns = await publishHost(HOST, host);
    agent = await startAgent({
      config: `
discovery: {domains: [corp.example], servers: ["${dns.address}:${dns.port}"], schedule: "*/2 * * * * *"}
probe: {schedule: "*/2 * * * * *"}
ingest: {token: ${TOKEN}}
`,
    });
    webhook = await startWebhook();
    alertmanager = await startAlertmanager(alertmanagerConfig(webhook.url));
    prometheus = await startPrometheus(prometheusConfig(new URL(agent.url).host, new URL(alertmanager.url).host));
    api = prometheus.url;
  });
  afterAll(async () => {
    await prometheus?.stop();
    await alertmanager?.stop();
    await webhook?.close();
    await agent?.stop();
    await dns?.close();
    await host?.close();
  });

  /** Prometheus takes 5 s after its start to know whom to scrape and whom to tell; an agent is watched for longer. */
  async function watching(): Promise<void> {
    await expect.poll(() => prometheus.known()).toEqual([1, 1]);
  }

  /** The latest state of an alert. */
  function statusOf(alertname: string): string | undefined {
    return webhook.received.findLast(({ labels }) => labels['alertname'] === alertname)?.status;
  }

  async function becomes(status: 'firing' | 'resolved', ...alerts: readonly string[]): Promise<void> {
    await expect
      .poll(() => alerts.map((name) => `${name} ${statusOf(name)}`), { timeout: 150_000, interval: 250 })
      .toEqual(alerts.map((name) => `${name} ${status}`));
  }

  it('tell a receiver of a host that is down, and when it is up again', async () => {
    const { port } = host;
    await watching();
    let slow = slowness();
    const wentDown = Date.now();
    await host.close();
    await becomes('firing', 'KmsHostDown', 'KmsNoHostAvailable');
    slow = Math.max(slow, slowness());
    host = await startSimulatedHost({ kind: 'healthy', port });
    await becomes('resolved', 'KmsHostDown', 'KmsNoHostAvailable');
    for (const name of ['KmsHostDown', 'KmsNoHostAvailable']) {
      const first = webhook.received.find(({ labels }) => labels['alertname'] === name);
      expect((first?.at ?? Number.NaN) - wentDown, name).toBeLessThanOrEqual((HOLD + 2 * POLL) * slow);
    }
  }, 400_000);

  it('tell of a count that falls below the threshold and of activations that run out, and when it is over', async () => {
    const seconds = (): number => Math.floor(Date.now() / 1000);
    const servers = new AskingServers({ url: agent.url, token: TOKEN, host: HOST });
    await servers.runOut(seconds() + 15);
    await becomes('firing', 'KmsHostBelowThreshold', 'KmsClientsBelowThreshold', 'KmsLeasesExpired');
    await servers.recover(seconds());
    await becomes('resolved', 'KmsHostBelowThreshold', 'KmsClientsBelowThreshold', 'KmsLeasesExpired');
  }, 400_000);

  it('have every alert in words, with its runbook', async () => {
    for (const { labels, annotations } of webhook.received) {
      expect(annotations['summary']).not.toMatch(/error expanding|no value/);
      const [url, name] = [annotations['runbook_url'], labels['alertname']];
      if (name === 'KmswatchDown')
        expect([url, annotations['description']]).toEqual([undefined, expect.stringContaining('Mitigation: Start')]);
      else expect([url, (await fetch(url ?? '')).status]).toEqual([`${agent.url}/runbooks/${name}`, 200]);
    }
    expect(webhook.received.length).toBeGreaterThan(0);
  });

  it('evaluate every rule without an error', async () => {
    const response = await fetch(`${api}/api/v1/rules`);
    const { data }: { data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] } } =
      JSON.parse(await response.text());
    const rules = data.groups.flatMap((group) => group.rules);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.length).toBeGreaterThanOrEqual(CATALOGUE.length);
  });

  it('agree with what the agent says itself, once both have looked', async () => {
    const names = (list: readonly (string | undefined)[]) => [...new Set(list)].sort();
    const verdicts = async () => {
      const { conditions }: { conditions: { name: string }[] } = JSON.parse(
        await (await fetch(`${agent.url}/api/v1/conditions`)).text(),
      );
      const { data }: { data: { alerts: { labels: Record<string, string> }[] } } = JSON.parse(
        await (await fetch(`${api}/api/v1/alerts`)).text(),
      );
      const [own, theirs] = [
        names(conditions.map(({ name }) => name)),
        names(data.alerts.map(({ labels }) => labels['alertname'])),
      ];
      return {
        onlyAgent: own.filter((name) => !theirs.includes(name)),
        onlyPrometheus: theirs.filter((name) => !own.includes(name)),
      };
    };
    // Each looks every second or two.
    await expect.poll(verdicts, { interval: 200 }).toEqual({ onlyAgent: [], onlyPrometheus: [] });
  });

  it('tell of an agent that is gone, which it cannot do itself', async () => {
    await agent.daemon.stop();
    // Before its first scrape Prometheus has no agent at all, and says so by an alert without a job.
    const heard = () =>
      webhook.received.findLast(({ labels }) => labels['alertname'] === 'KmswatchDown' && labels['job'] === 'kmswatch')
        ?.status;
    await expect.poll(heard, { timeout: 150_000, interval: 250 }).toBe('firing');
  });
});

function prometheusConfig(agent: string, alertmanager: string): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '500ms' },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: [{ job_name: 'kmswatch', static_configs: [{ targets: [agent] }] }],
  };
}

/** The inhibition of the example is left out, so that every alert is heard; amtool has looked at it. */
function alertmanagerConfig(url: string): string {
  return `
route: {receiver: hook, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
receivers:
  - name: hook
    webhook_configs: [{url: "${url}", send_resolved: true}]
`;
}
