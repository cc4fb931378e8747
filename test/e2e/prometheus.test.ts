import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoDnsServer } from '../../src/demo/dns-server.ts';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import { type Daemon, startDaemon } from '../peers/daemon.ts';
import { peerPath } from '../peers/find-peer.ts';
import { freePort } from '../peers/free-port.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { type RunningAgent, startAgent } from '../support/agent.ts';
import { publishHost } from '../support/published-host.ts';

/** That of Debian 12 and that of Debian 13. */
describe.each(['prometheus', 'prometheus-2.53'] as const)('%s', (name) => {
  describeWithPeers('with the agent', [name, 'promtool'], () => {
    let host: SimulatedHost;
    let dns: DemoDnsServer;
    let agent: RunningAgent;
    let folder: TemporaryFolder;
    let prometheus: Daemon;
    let api = '';

    beforeAll(async () => {
      host = await startSimulatedHost({ kind: 'healthy' });
      dns = await publishHost('kms01.corp.example', host);
      agent = await startAgent({
        config: `discovery: {domains: [corp.example], servers: ["${dns.address}:${dns.port}"]}`,
      });
      folder = await temporaryFolder();
      const port = await freePort();
      api = `http://127.0.0.1:${port}`;
      // The discovered hosts replace another exporter's targets: here they lead back to the agent.
      await folder.write(
        'prometheus.yml',
        `
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: kmswatch
    static_configs: [{targets: ["${new URL(agent.url).host}"]}]
  - job_name: found
    http_sd_configs: [{url: "${agent.url}/sd/hosts", refresh_interval: 1s}]
    relabel_configs:
      - {source_labels: [__meta_kms_host], target_label: kms_host}
      - {source_labels: [__meta_kms_domains], regex: ".*,corp\\\\.example,.*", action: keep}
      - {target_label: __address__, replacement: "${new URL(agent.url).host}"}
`,
      );
      prometheus = await startDaemon({
        command: [
          peerPath(name),
          `--config.file=${folder.path}/prometheus.yml`,
          `--storage.tsdb.path=${folder.path}/data`,
          `--web.listen-address=127.0.0.1:${port}`,
        ],
        ready: async () => (await fetch(`${api}/-/ready`)).ok,
      });
    });
    afterAll(async () => {
      await prometheus?.stop();
      await agent?.stop();
      await dns?.close();
      await host?.close();
      await folder?.remove();
    });

    async function query(
      expression: string,
    ): Promise<readonly { metric: Record<string, string>; value: [number, string] }[]> {
      const response = await fetch(`${api}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const body: { data: { result: [] } } = JSON.parse(await response.text());
      return body.data.result;
    }

    it('scrapes the agent', async () => {
      await expect
        .poll(() => query('kms_host_up{job="kmswatch"}'))
        .toMatchObject([
          {
            metric: { host: 'kms01.corp.example', port: String(host.port), job: 'kmswatch' },
            value: [expect.anything(), '1'],
          },
        ]);
      await expect.poll(() => query('up{job="kmswatch"} == 1')).toHaveLength(1);
    });

    it('takes them as OpenMetrics, whose counters and summaries it knows by their families', async () => {
      const typeOf = async (metric: string): Promise<unknown> => {
        const response = await fetch(`${api}/api/v1/targets/metadata?limit=1&metric=${metric}`);
        return JSON.parse(await response.text()).data[0]?.type;
      };
      await expect.poll(() => typeOf('kms_dns_lookups')).toBe('counter');
      expect(await typeOf('kms_dns_lookups_duration_seconds')).toBe('summary');
      expect(await typeOf('kms_dns_lookups_total')).toBeUndefined();
      const mean = 'kms_host_probes_duration_seconds_sum{job="kmswatch"} / kms_host_probes_duration_seconds_count > 0';
      await expect.poll(() => query(mean)).toMatchObject([{ metric: { host: 'kms01.corp.example' } }]);
    });

    it('finds the hosts through /sd/hosts', async () => {
      await expect
        .poll(() => query('up{job="found", kms_host="kms01.corp.example"}'))
        .toMatchObject([{ value: [expect.anything(), '1'] }]);
    });

    it('has nothing to object to in the metrics (promtool check metrics)', async () => {
      const { status, stdout, stderr } = spawnSync(peerPath('promtool'), ['check', 'metrics'], {
        input: await agent.metrics(),
        encoding: 'utf8',
      });
      expect([stdout, stderr, status]).toEqual(['', '', 0]);
    });

    it('takes the example configuration (promtool check config)', () => {
      const { status, stdout } = spawnSync(peerPath('promtool'), ['check', 'config', 'config/prometheus.example.yml'], {
        encoding: 'utf8',
      });
      expect([status, stdout]).toEqual([0, expect.stringContaining('SUCCESS')]);
    });
  });
});
