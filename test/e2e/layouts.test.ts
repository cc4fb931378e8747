/** A pair, and several sites, with the files that are shipped for them: only addresses, receivers and times are others. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostState } from '../../dashboards/source/promql.ts';
import { MINUTE_S } from '../../src/kernel/time.ts';
import { filled } from '../history/grafana.ts';
import { type Alertmanager, startAlertmanager } from '../peers/alertmanager.ts';
import { freePort } from '../peers/free-port.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type Prometheus, startPrometheus } from '../peers/prometheus.ts';
import { startWebhook, type Webhook } from '../peers/webhook.ts';
import { type RunningAgent, startAgent } from '../support/agent.ts';
import { exampleRouting, type Site, shipped, startSite, toldBy } from '../support/sites.ts';

describeWithPeers(
  'a pair, scraped by two Prometheus that tell two Alertmanagers',
  ['prometheus', 'alertmanager'],
  () => {
    let site: Site;
    let agents: readonly RunningAgent[] = [];
    let webhook: Webhook;
    let managers: readonly Alertmanager[] = [];
    let prometheus: readonly Prometheus[] = [];

    beforeAll(async () => {
      site = await startSite(2);
      webhook = await startWebhook();
      const ports = [await freePort(), await freePort()];
      [agents, managers] = await Promise.all([
        Promise.all([0, 1].map(() => startAgent({ config: site.config }))),
        Promise.all(
          ports.map((port) =>
            startAlertmanager(exampleRouting(webhook), { port, peers: ports.filter((other) => other !== port) }),
          ),
        ),
      ]);
      prometheus = await Promise.all(
        ['a', 'b'].map((replica) => {
          const { remote_write: _away, global, ...config } = shipped('prometheus-site.yml', managers);
          const external_labels = { ...global.external_labels, replica };
          config.scrape_configs[0].static_configs[0].targets = agents.map(({ url }) => new URL(url).host);
          return startPrometheus({ ...config, global: { ...global, external_labels } });
        }),
      );
    });
    afterAll(async () => {
      await Promise.all([...prometheus, ...managers, ...agents].map((each) => each.stop()));
      await webhook?.close();
      await site?.close();
    });

    it('tell of each cause once, whatever dies meanwhile, and resolve nothing that is still true', async () => {
      // Two Alertmanagers tell at least once: while one of them dies, both may.
      const told = () => [...new Set(toldBy(webhook))];
      await expect
        .poll(() => Promise.all(prometheus.map((each) => each.known())))
        .toEqual([
          [2, 2],
          [2, 2],
        ]);
      await site.hosts[0]?.close();
      await expect.poll(told).toEqual(['firing KmsHostDown hq kms01']);
      agents[0]?.daemon.kill('SIGKILL');
      const one = ['firing KmsHostDown hq kms01', 'firing KmswatchReplicaDown hq'];
      await expect.poll(told).toEqual(one);
      // The other agent tells of what happens from now on, by the other of everything.
      prometheus[0]?.daemon.kill('SIGKILL');
      managers[0]?.daemon.kill('SIGKILL');
      await site.hosts[1]?.close();
      const two = [...one, 'firing KmsNoHostAvailable hq'];
      await expect.poll(told).toEqual(two);
      // The one that is back ends two alerts; the other is now what is left of the cause.
      await site.restart(0);
      const three = ['resolved KmsNoHostAvailable hq', 'resolved KmsHostDown hq kms01', 'firing KmsHostDown hq kms02'];
      await expect.poll(() => [...told()].sort()).toEqual([...two, ...three].sort());
    });
  },
);

describeWithPeers(
  'three sites in one Prometheus, whose agents are called the same',
  ['prometheus', 'alertmanager'],
  () => {
    const names = ['hq', 'emea', 'asia'] as const;
    let sites: readonly Site[] = [];
    let agents: readonly RunningAgent[] = [];
    let webhook: Webhook;
    let manager: Alertmanager;
    let prometheus: Prometheus;

    beforeAll(async () => {
      sites = await Promise.all(names.map(() => startSite(1)));
      webhook = await startWebhook();
      agents = await Promise.all(sites.map(({ config }) => startAgent({ config })));
      manager = await startAlertmanager(exampleRouting(webhook));
      const config = shipped('prometheus-central.yml', [manager]);
      const groups: { labels: Record<string, string> }[] = config.scrape_configs[0].static_configs;
      config.scrape_configs[0].static_configs = groups.map(({ labels }, index) => ({
        targets: [new URL(agents[index]?.url ?? '').host],
        labels: { ...labels, instance: 'localhost:11688' },
      }));
      prometheus = await startPrometheus(config);
    });
    afterAll(async () => {
      await prometheus?.stop();
      await manager?.stop();
      await Promise.all(agents.map((each) => each.stop()));
      await webhook?.close();
      await Promise.all(sites.map((each) => each.close()));
    });

    it('evaluate every rule without an error', async () => {
      await expect.poll(() => prometheus.known()).toEqual([3, 1]);
      await expect.poll(() => prometheus.failingRules()).toEqual([]);
    });

    it('tell of what is down at each site, and neither another site nor its dead agent hides it', async () => {
      const told = () => toldBy(webhook);
      await sites[0]?.hosts[0]?.close();
      const one = ['firing KmsNoHostAvailable hq'];
      await expect.poll(told).toEqual(one);
      await expect.poll(() => states(prometheus)).toEqual({ hq: 0, emea: 1, asia: 1 });
      // The whole site.
      agents[1]?.daemon.kill('SIGKILL');
      await sites[1]?.hosts[0]?.close();
      const two = [...one, 'firing KmswatchDown emea'];
      await expect.poll(told).toEqual(two);
      await sites[2]?.hosts[0]?.close();
      const three = [...two, 'firing KmsNoHostAvailable asia'];
      await expect.poll(told).toEqual(three);
      expect(await states(prometheus)).toEqual({ hq: 0, asia: 0 });
      await sites[0]?.restart(0);
      await expect.poll(told).toEqual([...three, 'resolved KmsNoHostAvailable hq']);
      expect(await prometheus.failingRules()).toEqual([]);
    });
  },
);

/** By the site, as the dashboard shows the host. */
async function states(prometheus: Prometheus): Promise<Readonly<Record<string, number>>> {
  const samples = await prometheus.query(filled(hostState(), {}, MINUTE_S));
  return Object.fromEntries(samples.map(({ metric, value }) => [metric['site'] ?? '', value]));
}
