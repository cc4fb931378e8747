import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { peerPath } from '../peers/find-peer.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { REPOSITORY } from '../support/agent.ts';

const Rules = z.object({
  groups: z.array(z.object({ rules: z.array(z.looseObject({ labels: z.record(z.string(), z.string()).optional() })) })),
});

/** The alerts of a file of rules, by their labels. */
function labelsIn(text: string): readonly Record<string, string>[] {
  return Rules.parse(parse(text)).groups.flatMap(({ rules }) =>
    rules.flatMap(({ labels }) => (labels === undefined ? [] : [labels])),
  );
}

describeWithPeers('the commands of docs/alerts.md for other severities', ['promtool', 'amtool'], () => {
  let folder: TemporaryFolder;
  let shipped: string;
  const changed = (name: string) => readFileSync(join(folder.path, name), 'utf8');

  beforeAll(async () => {
    folder = await temporaryFolder();
    const copy = (from: string, to: string) => cpSync(join(REPOSITORY, from), join(folder.path, to));
    for (const name of ['grafana', 'dashboards']) mkdirSync(join(folder.path, name));
    copy('alerts/kmswatch.rules.yml', 'kmswatch.rules.yml');
    copy('alerts/grafana/kmswatch.yml', 'grafana/kmswatch.yml');
    copy('alerts/grafana/inhibition-rules.ndjson', 'grafana/inhibition-rules.ndjson');
    copy('config/alertmanager.example.yml', 'alertmanager.yml');
    for (const name of readdirSync(join(REPOSITORY, 'dashboards')))
      if (name.endsWith('.json')) copy(`dashboards/${name}`, `dashboards/${name}`);
    shipped = changed('kmswatch.rules.yml');
    const page = readFileSync(join(REPOSITORY, 'docs/alerts.md'), 'utf8');
    const [, script = ''] = /^```sh\n(sed .*?)^```$/ms.exec(page) ?? [];
    const { status, stderr } = spawnSync('sh', ['-ec', script], { cwd: folder.path, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
  afterAll(() => folder?.remove());

  it('leave rules that Prometheus takes, with the other severity and the label on each alert', () => {
    const expected = labelsIn(shipped).map((labels) => ({
      ...labels,
      severity: labels['severity'] === 'critical' ? 'page' : labels['severity'],
      team: 'windows',
    }));
    expect(labelsIn(changed('kmswatch.rules.yml'))).toEqual(expected);
    expect(expected.filter(({ severity }) => severity === 'page').length).toBeGreaterThan(5);
    const { status, stderr } = spawnSync(
      peerPath('promtool'),
      ['check', 'rules', join(folder.path, 'kmswatch.rules.yml')],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
  });

  it('leave routes and inhibition that know it', () => {
    const file = join(folder.path, 'alertmanager.yml');
    const { stdout } = spawnSync(
      peerPath('amtool'),
      ['config', 'routes', 'test', `--config.file=${file}`, 'alertname=KmsNoHostAvailable', 'severity=page'],
      { encoding: 'utf8' },
    );
    expect(stdout.trim()).toBe('on-call');
    expect(changed('alertmanager.yml')).not.toContain('critical"');
  });

  it('leave dashboards that count it', () => {
    for (const name of readdirSync(join(folder.path, 'dashboards'))) {
      const text = changed(`dashboards/${name}`);
      expect(() => JSON.parse(text)).not.toThrow();
      expect(text.match(/severity=\\"critical\\"|"critical"/g), name).toBeNull();
      expect(text).toContain('severity=\\"page\\"');
    }
  });

  it('leave rules of Grafana that lead to the address of the agent', () => {
    expect(changed('grafana/kmswatch.yml')).not.toContain('http://kmswatch:11688/');
    expect(changed('grafana/kmswatch.yml')).toContain('https://kmswatch.corp.example/');
  });
});
