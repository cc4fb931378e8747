import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { causes } from '../../dashboards/source/causes.ts';
import type { Service } from '../../src/agent/service.ts';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import type { Store } from '../../src/store/store.ts';
import { ConditionsAnswer } from '../../src/web/api/schemas.ts';
import { filled } from '../history/grafana.ts';
import { type Bind, startBind } from '../peers/bind.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { type ReceivedAlert, startWebhook, type Webhook } from '../peers/webhook.ts';
import { aboutFault, causesOnPage, type Fault, toldOf, wordsOf } from '../support/causes.ts';
import { PATIENT } from '../support/patient.ts';
import { startService } from '../support/service.ts';
import { GROUP_WAIT, type ShippedAlerting, startShippedAlerting } from '../support/shipped-alerting.ts';
import { slowness } from '../support/slowness.ts';

/** Milliseconds between two rounds of each loop. */
const POLL = 2_000;

/** 5 minutes become a quarter of a second, 4 hours 12 seconds. */
const HURRY = 1_200;

/** Each host has its own address. */
const ADDRESSES = {
  'kms01.a.example': '127.0.0.11',
  'kms02.a.example': '127.0.0.12',
  'kmsold.a.example': '127.0.0.13',
  'kms01.b.example': '127.0.0.21',
  'kms02.b.example': '127.0.0.22',
} as const;
type HostOfTest = keyof typeof ADDRESSES;
const HOSTS = Object.keys(ADDRESSES) as readonly HostOfTest[];

const FAULTS: readonly Fault[] = [
  {
    fault: 'a host of a.example is down',
    alert: 'KmsHostDown',
    about: { domain: 'a.example', host: 'kms02.a.example' },
  },
  {
    fault: 'a host of b.example is down',
    alert: 'KmsHostDown',
    about: { domain: 'b.example', host: 'kms02.b.example' },
  },
  {
    fault: 'the second name server has an old zone a.example, with a host that is gone',
    alert: 'KmsDnsServersDisagree',
    about: { domain: 'a.example', partial: 'yes' },
  },
  {
    fault: 'the records of b.example are removed',
    alert: 'KmsSrvRecordMissing',
    about: { domain: 'b.example', severity: 'critical' },
  },
];

/** What follows from them, and fires as well. */
const EFFECTS: readonly Fault[] = [
  {
    fault: 'the old host is down',
    alert: 'KmsHostDown',
    about: { domain: 'a.example', host: 'kmsold.a.example', partial: 'yes' },
  },
  ...(['kms01.b.example', 'kms02.b.example'] as const).map((host) => ({
    fault: `${host} is expected`,
    alert: 'KmsSrvRecordMissing',
    about: { domain: 'b.example', host, severity: 'warning' },
  })),
];

describeWithPeers(
  'a network of two domains with four faults',
  ['named', 'nsupdate', 'prometheus', 'alertmanager'],
  () => {
    const hosts = new Map<HostOfTest, SimulatedHost>();
    let servers: readonly Bind[] = [];
    let folder: TemporaryFolder;
    let webhook: Webhook;
    let store: Store;
    let service: Service;
    let url = '';
    let shipped: ShippedAlerting;
    let page = '';
    /** When the last of the four came about, milliseconds since the epoch. */
    let began = 0;
    /** How slow the machine was meanwhile. */
    let slow = 1;

    beforeAll(async () => {
      for (const host of HOSTS)
        hosts.set(host, await startSimulatedHost({ kind: 'healthy', address: ADDRESSES[host] }));
      const zones = { 'a.example': zone('a.example'), 'b.example': zone('b.example') };
      servers = await Promise.all([startBind({ zones }), startBind({ zones })]);
      webhook = await startWebhook();
      folder = await temporaryFolder();
      const config = ConfigSchema.parse({
        discovery: {
          domains: ['a.example', { name: 'b.example', expected_hosts: ['kms01.b.example', 'kms02.b.example'] }],
          servers: servers.map(({ address, port }) => `${address}:${port}`),
          schedule: '1-59/2 * * * * *',
        },
        probe: { schedule: '*/2 * * * * *' },
        web: { listen: ['127.0.0.1:0'] },
        notify: [{ webhook: { url: webhook.url } }],
      });
      const started = await startService({ config, folder: folder.path, tickEvery: POLL, hurry: HURRY });
      ({ service, store, url } = started);
      await vi.waitFor(async () => expect((await fetch(`${url}/-/ready`)).status).toBe(200), PATIENT);
      shipped = await startShippedAlerting(url, HURRY);
    });
    afterAll(async () => {
      await shipped?.stop();
      await service?.stop();
      await store?.close();
      await webhook?.close();
      for (const server of servers) await server.stop();
      for (const host of hosts.values()) await host.close();
      await folder?.remove();
    });

    /** Records of the hosts of a domain: SRV and A. */
    function zone(domain: string): readonly string[] {
      return HOSTS.filter((host) => host.endsWith(`.${domain}`)).flatMap((host) => [
        `_vlmcs._tcp SRV 0 0 ${hosts.get(host)?.port} ${host}.`,
        `${host}. A ${ADDRESSES[host]}`,
      ]);
    }

    async function firing(): Promise<readonly { labels: Record<string, string>; summary: string }[]> {
      const { conditions } = ConditionsAnswer.parse(await (await fetch(`${url}/api/v1/conditions`)).json());
      return conditions
        .filter((condition) => condition.firing)
        .map(({ name, severity, subject, summary }) => ({
          labels: { alertname: name, severity, ...subject },
          summary,
        }));
    }

    const missing = (faults: readonly Fault[], alerts: readonly { labels: Record<string, string> }[]) =>
      faults.filter((fault) => aboutFault(alerts, fault).length === 0).map(({ fault }) => fault);

    it('has no fault at first', async () => {
      expect(await firing()).toEqual([]);
      expect(causesOnPage(await (await fetch(url)).text())).toEqual([]);
    });

    it('gets four, with all that follows from them', async () => {
      const [first, second] = servers;
      const old = hosts.get('kmsold.a.example')?.port;
      await first?.update('zone a.example', `update delete _vlmcs._tcp.a.example. SRV 0 0 ${old} kmsold.a.example.`);
      const metrics = async () => (await fetch(`${url}/metrics`)).text();
      await expect.poll(metrics).toContain('\nkms_dns_servers_disagree{domain="a.example"} 1\n');
      slow = slowness();
      for (const host of ['kms02.a.example', 'kms02.b.example', 'kmsold.a.example'] as const)
        await hosts.get(host)?.close();
      for (const server of [first, second])
        await server?.update('zone b.example', 'update delete _vlmcs._tcp.b.example. SRV');
      began = Date.now();
      await expect.poll(async () => missing([...FAULTS, ...EFFECTS], await firing()), { interval: 250 }).toEqual([]);
      await expect.poll(() => missing(FAULTS, webhook.received)).toEqual([]);
      await expect.poll(() => missing(FAULTS, shipped.webhook.received)).toEqual([]);
      const silenced = async () => (await shipped.silenced()).map((labels) => ({ labels }));
      await expect.poll(async () => missing(EFFECTS, await silenced()), { interval: 250 }).toEqual([]);
      slow = Math.max(slow, slowness());
      page = await (await fetch(url)).text();
    });

    it('has four causes on the page', async () => {
      const heads = (await firing()).filter(({ labels }) =>
        FAULTS.some((fault) => aboutFault([{ labels }], fault).length),
      );
      expect(causesOnPage(page).toSorted()).toEqual(heads.map(({ summary }) => summary).toSorted());
      expect(causesOnPage(page)).toHaveLength(FAULTS.length);
    });

    const WAYS: readonly { way: string; received: () => readonly ReceivedAlert[]; more: number }[] = [
      { way: 'notify', received: () => webhook.received, more: 0 },
      { way: 'Alertmanager', received: () => shipped.webhook.received, more: GROUP_WAIT },
    ];

    it.each(WAYS)('makes four messages through $way', ({ received }) => {
      const told = toldOf(received());
      expect(told.map(({ labels }) => labels['alertname']).toSorted()).toEqual(
        FAULTS.map(({ alert }) => alert).toSorted(),
      );
      expect(missing(FAULTS, told)).toEqual([]);
    });

    it('makes a separate message of each fault in Alertmanager', () => {
      const groups = new Set(toldOf(shipped.webhook.received).map(({ groupKey }) => groupKey));
      expect(groups.size).toBe(FAULTS.length);
    });

    it('has four causes on the dashboard', async () => {
      const found = (await shipped.query(filled(causes(), {}, 60))).filter(
        ({ alertname }) => !alertname?.startsWith('Kmswatch'),
      );
      expect(found).toHaveLength(FAULTS.length);
      expect(
        missing(
          FAULTS,
          found.map((labels) => ({ labels })),
        ),
      ).toEqual([]);
    });

    it.each(WAYS)('makes each of them within its hold and two polls through $way', ({ received, more }) => {
      for (const fault of FAULTS) {
        const [first] = aboutFault(received(), fault);
        const { partial = '', severity } = fault.about;
        const { hold } =
          CATALOGUE.find(
            (each) =>
              each.name === fault.alert &&
              each.severity === (severity ?? 'warning') &&
              (each.labels?.['partial'] ?? '') === partial,
          ) ?? {};
        const late = (first?.at ?? Number.NaN) - began - (hold ?? Number.NaN) / HURRY;
        expect(late, fault.fault).toBeLessThanOrEqual((2 * POLL + more) * slow);
      }
    });

    it('says in each what is wrong, where, and what to do', async () => {
      const words = wordsOf(FAULTS, {
        'notify, and the page': toldOf(webhook.received),
        Alertmanager: toldOf(shipped.webhook.received),
      });
      let text = words;
      for (const [index, { port }] of servers.entries())
        text = text.replaceAll(`127.0.0.1:${port}`, `name server ${index + 1}`);
      for (const { port } of hosts.values()) text = text.replaceAll(new RegExp(`\\b${port}\\b`, 'g'), '1688');
      await expect(text).toMatchFileSnapshot('../data/causes-of-network.txt');
    });
  },
);
