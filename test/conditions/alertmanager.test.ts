import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import { describeWithPeers, peerPath } from '../peers/peer.ts';
import { REPOSITORY } from '../support/agent.ts';

const EXAMPLE = join(REPOSITORY, 'config/alertmanager.example.yml');
const TEAMS = join(REPOSITORY, 'config/alertmanager-teams.example.yml');

/** Parts that Alertmanager's own documentation has; Debian's amtool is too old to know msteamsv2_configs. */
const TeamsConfig = z.strictObject({
  route: z.strictObject({ receiver: z.literal('teams'), group_by: z.array(z.string()) }),
  receivers: z.tuple([
    z.strictObject({
      name: z.literal('teams'),
      msteamsv2_configs: z.array(
        z.strictObject({
          webhook_url_file: z.string(),
          send_resolved: z.boolean(),
          title: z.string(),
          text: z.string(),
        }),
      ),
    }),
  ]),
});

const Inhibition = z.array(
  z.object({
    source_matchers: z.array(z.string()),
    target_matchers: z.array(z.string()),
    equal: z.array(z.string()),
  }),
);

describeWithPeers('the example for Alertmanager', ['amtool'], () => {
  it('is a configuration that it takes (amtool check-config)', () => {
    const { status, stdout } = spawnSync(peerPath('amtool'), ['check-config', EXAMPLE], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it.each([
    ['mail', 'alertname=KmsHostDown severity=warning host=kms01'],
    ['on-call', 'alertname=KmsNoHostAvailable severity=critical domain=corp.example'],
    ['mail', 'alertname=KmswatchReloadFailed severity=warning instance=agent'],
    ['on-call', 'alertname=KmswatchDown severity=critical instance=agent'],
  ])('sends to %s: %s', (receiver, labels) => {
    const { stdout } = spawnSync(
      peerPath('amtool'),
      ['config', 'routes', 'test', `--config.file=${EXAMPLE}`, ...labels.split(' ')],
      { encoding: 'utf8' },
    );
    expect(stdout.trim()).toBe(receiver);
  });
});

describe('the examples for Alertmanager', () => {
  it('inhibit alerts that there are, by labels of one agent', () => {
    const known = new Set(CATALOGUE.map(({ name }) => name));
    const { inhibit_rules } = parse(readFileSync(EXAMPLE, 'utf8'));
    const rules = Inhibition.parse(inhibit_rules);
    const names = rules.flatMap((rule) =>
      [...rule.source_matchers, ...rule.target_matchers].flatMap((text) => text.match(/Kms\w+/g) ?? []),
    );
    expect(names.filter((name) => name !== 'Kms' && !known.has(name))).toEqual([]);
    for (const { equal } of rules) expect(equal.slice(0, 2)).toEqual(['job', 'instance']);
  });

  it('have Teams in a file of its own', () => {
    expect(TeamsConfig.safeParse(parse(readFileSync(TEAMS, 'utf8'))).error).toBeUndefined();
    expect(readFileSync(EXAMPLE, 'utf8')).not.toContain('msteamsv2_configs');
  });
});
