/** Sites that have a Prometheus each, with the files that are shipped for them: only addresses, receivers and times are others. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Alertmanager, startAlertmanager } from '../peers/alertmanager.ts';
import { freePort } from '../peers/free-port.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type Prometheus, startPrometheus } from '../peers/prometheus.ts';
import { startWebhook, type Webhook } from '../peers/webhook.ts';
import { type RunningAgent, startAgent } from '../support/agent.ts';
import { exampleRouting, otherSites, type Site, shipped, startSite, toldBy } from '../support/sites.ts';

/** In place of 5 minutes: how long Prometheus believes what it was sent. */
const BELIEVED = '--query.lookback-delta=30s';
/** Alertmanager forgets the alerts of a Prometheus that fell silent after four times as long. */
const RESEND = '--rules.alert.resend-delay=5s';

/** All that there is at a site. */
interface Whole {
  readonly site: Site;
  readonly agent: RunningAgent;
  readonly prometheus: Prometheus;
}

async function kill({ site, agent, prometheus }: Whole): Promise<void> {
  for (const { daemon } of [prometheus, agent]) daemon.kill('SIGKILL');
  await Promise.all(site.hosts.map((host) => host.close()));
}

async function stopAll(wholes: readonly Whole[]): Promise<void> {
  await Promise.all(wholes.flatMap(({ agent, prometheus }) => [agent.stop(), prometheus.stop()]));
  await Promise.all(wholes.map(({ site }) => site.close()));
}

/** An agent that the site's own Prometheus scrapes; all agents have the same `instance`. */
function ownJob(name: string, { url }: RunningAgent) {
  const [job] = shipped('prometheus-site.yml', []).scrape_configs;
  const labels = { site: name, instance: 'localhost:11688' };
  return { ...job, static_configs: [{ targets: [new URL(url).host], labels }] };
}

describeWithPeers(
  'three sites whose Prometheus send their samples to a central one (remote_write)',
  ['prometheus', 'alertmanager'],
  () => {
    const names = ['hq', 'emea', 'asia'] as const;
    let central: Prometheus;
    let manager: Alertmanager;
    let webhook: Webhook;
    let wholes: readonly Whole[] = [];

    beforeAll(async () => {
      webhook = await startWebhook();
      manager = await startAlertmanager(exampleRouting(webhook));
      const { scrape_configs: _none, ...config } = shipped('prometheus-central.yml', [manager]);
      central = await startPrometheus(config, { flags: ['--web.enable-remote-write-receiver', BELIEVED] });
      wholes = await Promise.all(names.map(startWhole));
    });
    afterAll(async () => {
      await stopAll(wholes);
      await central?.stop();
      await manager?.stop();
      await webhook?.close();
    });

    async function startWhole(name: string): Promise<Whole> {
      const site = await startSite(1);
      const agent = await startAgent({ config: site.config });
      const { alerting: _nobody, ...config } = shipped('prometheus-site.yml', []);
      const remote_write = config.remote_write.map((target: object) => ({
        ...target,
        url: `${central.url}/api/v1/write`,
        queue_config: { batch_send_deadline: '1s' },
      }));
      const prometheus = await startPrometheus(
        { ...config, scrape_configs: [ownJob(name, agent)], remote_write },
        { rules: false },
      );
      return { site, agent, prometheus };
    }

    it('tell of each cause once, of a whole site that is gone too, and resolve nothing that is still true', async () => {
      // At the pace of a test, a poll is overdue before samples are too old to be believed; 3 and 5 minutes, and a hold of 5.
      const told = () => toldBy(webhook).filter((text) => !text.includes('KmswatchPollStalled'));
      const [hq, emea, asia] = wholes;
      if (hq === undefined || emea === undefined || asia === undefined) throw new Error('a site is missing');
      await expect.poll(() => central.known()).toEqual([3, 1]);
      await expect.poll(() => central.failingRules()).toEqual([]);
      await hq.site.hosts[0]?.close();
      const one = ['firing KmsNoHostAvailable hq'];
      await expect.poll(told).toEqual(one);
      emea.agent.daemon.kill('SIGKILL');
      const two = [...one, 'firing KmswatchDown emea'];
      await expect.poll(told).toEqual(two);
      await kill(hq);
      const three = [...two, 'firing KmswatchSiteMissing hq'];
      await expect.poll(told).toEqual(three);
      // What was open at that site is over for Prometheus by now, and no message says so.
      const open = async () =>
        (await central.query('ALERTS{alertname="KmsNoHostAvailable"}')).map(({ metric }) => metric);
      await expect.poll(open).toEqual([]);
      // Where the agent was down before, it still is, for all that anybody knows.
      emea.prometheus.daemon.kill('SIGKILL');
      await expect.poll(() => central.query('up{site="emea"}')).toEqual([]);
      await asia.site.hosts[0]?.close();
      await expect.poll(told).toEqual([...three, 'firing KmsNoHostAvailable asia']);
      expect(await firingAt(central, 'emea')).toContain('KmswatchDown');
      expect(await central.failingRules()).toEqual([]);
    });
  },
);

describeWithPeers(
  'two sites that evaluate for themselves, watch each other, and tell one cluster of two Alertmanagers',
  ['prometheus', 'alertmanager'],
  () => {
    const names = ['hq', 'emea'] as const;
    let managers: readonly Alertmanager[] = [];
    let webhook: Webhook;
    let wholes: readonly Whole[] = [];

    beforeAll(async () => {
      webhook = await startWebhook();
      const ports = [await freePort(), await freePort()];
      managers = await Promise.all(
        ports.map((port) =>
          startAlertmanager(exampleRouting(webhook), { port, peers: ports.filter((other) => other !== port) }),
        ),
      );
      const sites = await Promise.all(
        names.map(async () => {
          const site = await startSite(2);
          return { site, agent: await startAgent({ config: site.config }) };
        }),
      );
      wholes = await Promise.all(
        sites.map(async ({ site, agent }, index) => {
          const { remote_write: _away, ...config } = shipped('prometheus-site.yml', managers);
          const neighbours = otherSites();
          const labels = {
            ...neighbours.static_configs[0].labels,
            site: names[1 - index],
            instance: 'localhost:11688',
          };
          const targets = [new URL(sites[1 - index]?.agent.url ?? '').host];
          const scrape_configs = [
            ownJob(names[index] ?? '', agent),
            { ...neighbours, static_configs: [{ targets, labels }] },
          ];
          return { site, agent, prometheus: await startPrometheus({ ...config, scrape_configs }, { flags: [RESEND] }) };
        }),
      );
    });
    afterAll(async () => {
      await stopAll(wholes);
      await Promise.all(managers.map((each) => each.stop()));
      await webhook?.close();
    });

    it('tell of each cause once, whatever dies, and resolve nothing that is still true', async () => {
      // Two Alertmanagers tell at least once: while one of them dies, both may.
      const told = () => [...new Set(toldBy(webhook))];
      const [hq, emea] = wholes;
      if (hq === undefined || emea === undefined) throw new Error('a site is missing');
      await expect
        .poll(() => Promise.all(wholes.map(({ prometheus }) => prometheus.known())))
        .toEqual([
          [2, 2],
          [2, 2],
        ]);
      await emea.site.hosts[0]?.close();
      const one = ['firing KmsHostDown emea kms01'];
      await expect.poll(told).toEqual(one);
      managers[0]?.daemon.kill('SIGKILL');
      await hq.site.hosts[1]?.close();
      const two = [...one, 'firing KmsHostDown hq kms02'];
      await expect.poll(told).toEqual(two);
      // The other site says that nothing answers there; the alerts of this one lapse, and no message says that they are over.
      await kill(emea);
      const three = [...two, 'firing KmswatchDown emea'];
      await expect.poll(told).toEqual(three);
      await expect.poll(() => openAt(managers[1], 'emea')).toEqual(['KmswatchDown']);
      await hq.site.hosts[0]?.close();
      await expect.poll(told).toEqual([...three, 'firing KmsNoHostAvailable hq']);
      expect(await hq.prometheus.failingRules()).toEqual([]);
    });
  },
);

/** Names of the alerts that fire for a site. */
async function firingAt(prometheus: Prometheus, site: string): Promise<readonly (string | undefined)[]> {
  const samples = await prometheus.query(`ALERTS{alertstate="firing", site="${site}"}`);
  return samples.map(({ metric }) => metric['alertname']);
}

/** Names of the alerts that Alertmanager holds for a site. */
async function openAt(manager: Alertmanager | undefined, site: string): Promise<readonly string[]> {
  const response = await fetch(`${manager?.url}/api/v2/alerts?filter=${encodeURIComponent(`site="${site}"`)}`);
  const alerts = (await response.json()) as { labels: Record<string, string> }[];
  return alerts.map(({ labels }) => labels['alertname'] ?? '');
}
