import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import type { Service } from '../../src/agent/service.ts';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import type { DemoDnsServer } from '../../src/demo/dns-server.ts';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import type { Store } from '../../src/store/store.ts';
import { ConditionsAnswer } from '../../src/web/api/schemas.ts';
import { type Alertmanager, startAlertmanager } from '../peers/alertmanager.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { type ReceivedAlert, startWebhook, type Webhook } from '../peers/webhook.ts';
import { AskingServers } from '../support/asking-servers.ts';
import { PATIENT } from '../support/patient.ts';
import { publishHost } from '../support/published-host.ts';
import { startService } from '../support/service.ts';
import { slowness } from '../support/slowness.ts';

const TOKEN = 'a-token-of-the-test';
const HOST = 'kms01.corp.example';

/** Milliseconds between two rounds of each loop, and between two counts of the values that change with time. */
const POLL = 2_000;

/** 5 minutes become half a second, 15 minutes a second and a half, an hour six seconds. */
const HURRY = 600;

const DOWN = ['KmsNoHostAvailable'];
const OUT = ['KmsClientsBelowThreshold', 'KmsLeasesExpired'];
/** What these explain. */
const SILENT = ['KmsHostDown', 'KmsHostBelowThreshold'];

describeWithPeers('the agent alone, without Prometheus', ['alertmanager'], () => {
  let host: SimulatedHost;
  let dns: DemoDnsServer;
  let folder: TemporaryFolder;
  let store: Store;
  let service: Service;
  let alertmanager: Alertmanager;
  let servers: AskingServers;
  /** The webhook behind each receiver. */
  const heard = new Map<string, Webhook>();
  let asking: NodeJS.Timeout | undefined;
  /** How slow the machine was while the events came. */
  let slow = 1;
  /** The answer of `/api/v1/conditions` while the host was down. */
  let open: z.infer<typeof ConditionsAnswer>['conditions'] = [];
  /** When each cause came about and was gone, milliseconds since the epoch. */
  const causes = new Map<string, { began: number; ended: number }>();

  beforeAll(async () => {
    host = await startSimulatedHost({ kind: 'healthy' });
    dns = await publishHost(HOST, host);
    const [direct, behind] = [await startWebhook(), await startWebhook()];
    heard.set('webhook', direct).set('alertmanager', behind);
    alertmanager = await startAlertmanager(`
route: {receiver: hook, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
receivers: [{name: hook, webhook_configs: [{url: "${behind.url}", send_resolved: true}]}]
`);
    // The two loops take turns: something is judged each second.
    const config = ConfigSchema.parse({
      discovery: { domains: ['corp.example'], servers: [`${dns.address}:${dns.port}`], schedule: '1-59/2 * * * * *' },
      probe: { schedule: '*/2 * * * * *' },
      ingest: { token: TOKEN },
      web: { listen: ['127.0.0.1:0'] },
      notify: [{ webhook: { url: direct.url } }, { alertmanager: { urls: [alertmanager.url] } }],
    });
    folder = await temporaryFolder();
    const started = await startService({ config, folder: folder.path, tickEvery: POLL, hurry: HURRY });
    ({ service, store } = started);
    const { url } = started;
    await vi.waitFor(async () => expect((await fetch(`${url}/-/ready`)).status).toBe(200), PATIENT);
    servers = new AskingServers({ url, token: TOKEN, host: HOST });
  });
  afterAll(async () => {
    clearInterval(asking);
    await service?.stop();
    await store?.close();
    await alertmanager?.stop();
    for (const webhook of heard.values()) await webhook.close();
    await dns?.close();
    await host?.close();
    await folder?.remove();
  });

  function told(receiver: string, alertname: string, status: 'firing' | 'resolved'): readonly ReceivedAlert[] {
    return (heard.get(receiver)?.received ?? []).filter(
      (alert) => alert.labels['alertname'] === alertname && alert.status === status,
    );
  }

  async function become(status: 'firing' | 'resolved', alerts: readonly string[]): Promise<void> {
    const untold = () =>
      [...heard.keys()].flatMap((receiver) =>
        alerts.filter((name) => told(receiver, name, status).length === 0).map((name) => `${receiver}: ${name}`),
      );
    await expect.poll(untold, { timeout: 300_000, interval: 100 }).toEqual([]);
  }

  it('tells of a host that is down, of a count below the threshold and of activations that run out', async () => {
    slow = slowness();
    const end = Math.floor(Date.now() / 1000) + Math.ceil(6 * slow);
    await servers.runOut(end);
    // A count holds for a minute if no record comes. To the log of a host that is at work one comes at every poll.
    asking = setInterval(() => void servers.goOn(Math.floor(Date.now() / 1000)), POLL);
    const { port } = host;
    const wentDown = Date.now();
    await host.close();
    await become('firing', DOWN);
    const answer = await fetch(`http://${service.addresses[0]}/api/v1/conditions`);
    open = ConditionsAnswer.parse(await answer.json()).conditions;
    const cameUp = Date.now();
    host = await startSimulatedHost({ kind: 'healthy', port });
    await become('firing', OUT);
    clearInterval(asking);
    const recovery = Math.floor(Date.now() / 1000);
    const asked = Date.now();
    await servers.recover(recovery);
    await become('resolved', [...DOWN, ...OUT]);
    slow = Math.max(slow, slowness());
    for (const name of DOWN) causes.set(name, { began: wentDown, ended: cameUp });
    for (const name of OUT) causes.set(name, { began: end * 1000, ended: asked });
  }, 900_000);

  it.each([...DOWN, ...OUT])(
    'tells of %s within its hold and two polls, not before its hold, and of its end within two polls',
    (name) => {
      const { began, ended } = causes.get(name) ?? { began: Number.NaN, ended: Number.NaN };
      const condition = CATALOGUE.find((each) => each.name === name);
      const hold = (condition?.hold ?? Number.NaN) / HURRY;
      const kept = (condition?.keepFiring ?? 0) / HURRY;
      const limit = 2 * POLL * slow;
      for (const receiver of heard.keys()) {
        const [first] = told(receiver, name, 'firing');
        const [last] = told(receiver, name, 'resolved');
        const late = (first?.at ?? Number.NaN) - began - hold;
        expect(late, `${receiver} hears of it`).toBeGreaterThanOrEqual(0);
        expect(late, `${receiver} hears of it`).toBeLessThanOrEqual(limit);
        expect((last?.at ?? Number.NaN) - ended - kept, `${receiver} hears of its end`).toBeLessThanOrEqual(limit);
      }
    },
  );

  it.each(SILENT)('is silent about %s, which another alert explains', (name) => {
    for (const receiver of heard.keys()) expect(told(receiver, name, 'firing')).toEqual([]);
  });

  it('says in its API what explains what', () => {
    const explained = open.map(({ name, explained_by }) => [name, explained_by?.name]);
    expect(explained).toContainEqual(['KmsHostDown', 'KmsNoHostAvailable']);
  });

  it('leads to a runbook that can be read', async () => {
    const urls = [...heard.values()].flatMap(({ received }) =>
      received.map(({ annotations }) => annotations['runbook_url'] ?? ''),
    );
    for (const url of new Set(urls)) expect([url, (await fetch(url)).status]).toEqual([url, 200]);
    // The list of open conditions links to the same pages.
    expect(DOWN.map((name) => open.find((condition) => condition.name === name)?.runbook)).toEqual(
      DOWN.map((name) => told('webhook', name, 'firing')[0]?.annotations['runbook_url']),
    );
  });

  it('tells a webhook each change once', () => {
    const { received = [] } = heard.get('webhook') ?? {};
    const changes = received.map(({ status, labels }) => `${status} ${JSON.stringify(labels)}`);
    expect(changes.sort()).toEqual([...new Set(changes)].sort());
    expect(changes.length).toBeGreaterThanOrEqual(2 * (DOWN.length + OUT.length));
  });
});
