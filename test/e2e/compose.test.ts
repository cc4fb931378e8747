import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Alertmanager, startAlertmanager } from '../peers/alertmanager.ts';
import { type Daemon, startDaemon } from '../peers/daemon.ts';
import { peerPath } from '../peers/find-peer.ts';
import { freePort } from '../peers/free-port.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { type RunningAgent, startAgent } from '../support/agent.ts';
import { alertmanagerFile, outside, prometheusFile, services } from '../support/compose.ts';

describeWithPeers(
  'what compose.yml gives to Prometheus and Alertmanager',
  ['prometheus', 'promtool', 'alertmanager', 'amtool'],
  () => {
    let folder: TemporaryFolder;
    let agent: RunningAgent;
    let alertmanager: Alertmanager;
    let prometheus: Daemon;
    let api = '';

    /** The configuration of Prometheus, its names and paths as they are here. */
    function here(names: Readonly<Record<string, string>>): string {
      const text = Object.entries(names).reduce(
        (replaced, [name, address]) => replaced.replaceAll(new RegExp(`\\b${name}:\\d+`, 'g'), address),
        readFileSync(prometheusFile, 'utf8'),
      );
      const rules = '/etc/kmswatch/alerts';
      return text
        .replaceAll(rules, outside('prometheus', rules))
        .replace('scrape_interval: 1m', 'scrape_interval: 10s');
    }

    beforeAll(async () => {
      folder = await temporaryFolder();
      agent = await startAgent({ config: 'discovery: {domains: []}\nhosts: [{name: 127.0.0.1, port: 1}]\n' });
      alertmanager = await startAlertmanager(readFileSync(alertmanagerFile, 'utf8'));
      const port = await freePort();
      api = `http://127.0.0.1:${port}/api/v1`;
      const names = { kmswatch: new URL(agent.url).host, alertmanager: new URL(alertmanager.url).host };
      const file = await folder.write('prometheus.yml', here(names));
      const options = (services['prometheus']?.command ?? []).map((option) =>
        option
          .replace(/^(--config\.file=).*/, `$1${file}`)
          .replace(/^(--storage\.tsdb\.path=).*/, `$1${folder.path}/data`),
      );
      prometheus = await startDaemon({
        command: [peerPath('prometheus'), ...options, `--web.listen-address=127.0.0.1:${port}`],
        ready: async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok,
      });
    });
    afterAll(async () => {
      await prometheus?.stop();
      await alertmanager?.stop();
      await agent?.stop();
      await folder?.remove();
    });

    it('has nothing that promtool and amtool object to', async () => {
      const file = await folder.write('checked.yml', here({}));
      const checked = spawnSync(peerPath('promtool'), ['check', 'config', file], { encoding: 'utf8' });
      expect([checked.status, checked.stderr]).toEqual([0, '']);
      expect(checked.stdout).toMatch(/kmswatch\.rules\.yml\n\s*SUCCESS: \d+ rules found/);
      const { status } = spawnSync(peerPath('amtool'), ['check-config', alertmanagerFile], { encoding: 'utf8' });
      expect(status).toBe(0);
    });

    it('lets them find the agent, its hosts, the rules and each other', async () => {
      const data = async (path: string) => JSON.parse(await (await fetch(`${api}/${path}`)).text()).data;
      const targets = async () => {
        const { activeTargets }: { activeTargets: { labels: { job: string }; health: string }[] } =
          await data('targets');
        return activeTargets
          .filter(({ health }) => health !== 'unknown')
          .map(({ labels, health }) => [labels.job, health]);
      };
      await expect.poll(targets, { interval: 250 }).toEqual(
        expect.arrayContaining([
          ['kmswatch', 'up'],
          ['windows-on-kms-hosts', 'down'],
        ]),
      );
      const { groups } = await data('rules');
      expect(groups.length).toBeGreaterThan(5);
      const managers = async () => (await data('alertmanagers')).activeAlertmanagers;
      await expect.poll(managers).toEqual([{ url: `${alertmanager.url}/api/v2/alerts` }]);
    });
  },
);
