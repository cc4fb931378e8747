import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import { type Alertmanager, startAlertmanager } from '../peers/alertmanager.ts';
import { peerPath } from '../peers/find-peer.ts';
import { describeWithPeers } from '../peers/peer.ts';
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

const ActiveAlerts = z.array(z.object({ labels: z.record(z.string(), z.string()) }));

/** `ALERT label=value...`; with its severity if two alerts of one name only differ in that. */
type AlertText = string;

/** A cause, the alerts that it fires, and the alerts that remain after inhibition. */
const CAUSES: readonly { cause: string; fires: readonly AlertText[]; told: readonly AlertText[] }[] = [
  {
    cause: 'no host of the estate is up',
    fires: [
      'KmsNoHostAvailable',
      'KmsNoHostAvailable domain=a.example',
      'KmsNoHostAvailable domain=b.example',
      'KmsHostDown host=kms01.a.example port=1688',
      'KmsReportStale host=kms01.a.example',
      'KmsActivationFeedStale host=kms01.a.example',
    ],
    told: ['KmsNoHostAvailable'],
  },
  {
    cause: 'one host of several is down',
    fires: [
      'KmsHostDown host=kms01.a.example port=1688',
      'KmsReportStale host=kms01.a.example',
      'KmsActivationFeedStale host=kms01.a.example',
      'KmsServiceFailure host=kms01.a.example',
      'KmsSrvRecordStale domain=a.example host=kms01.a.example port=1688',
      'KmsReportStale host=kms02.a.example',
    ],
    told: ['KmsHostDown host=kms01.a.example port=1688', 'KmsReportStale host=kms02.a.example'],
  },
  {
    cause: 'a branch is below its threshold, and another domain is near it',
    fires: [
      'KmsClientsBelowThreshold domain=branch.example class=client',
      'KmsClientsNearThreshold domain=branch.example class=client',
      'KmsHostBelowThreshold host=kms01.branch.example class=client',
      'KmsThresholdBreachAhead host=kms01.branch.example class=client',
      'KmsClientsNearThreshold domain=corp.example class=client',
      'KmsClientsNearThreshold domain=branch.example class=office',
    ],
    told: [
      'KmsClientsBelowThreshold domain=branch.example class=client',
      'KmsClientsNearThreshold domain=branch.example class=office',
      'KmsClientsNearThreshold domain=corp.example class=client',
    ],
  },
  {
    cause: 'somebody deletes the SRV records of one domain of two',
    fires: [
      'KmsSrvRecordMissing severity=critical domain=a.example',
      'KmsSrvRecordMissing severity=warning domain=a.example host=kms01.a.example',
      'KmsDnsPublishingFailed severity=warning domain=a.example host=kms01.a.example',
      'KmsSrvRecordMissing severity=warning domain=b.example host=kms01.b.example',
    ],
    told: [
      'KmsSrvRecordMissing severity=critical domain=a.example',
      'KmsSrvRecordMissing severity=warning domain=b.example host=kms01.b.example',
    ],
  },
  {
    cause: 'a host key is not activated',
    fires: [
      'KmsHostNotActivated host=kms01.a.example',
      'KmsProductRefused host=kms01.a.example product=x',
      'KmsRequestsFailing host=kms01.a.example',
      'KmsClientsRetrying host=kms01.a.example class=client',
      'KmsRequestsFailing host=kms02.a.example',
    ],
    told: ['KmsHostNotActivated host=kms01.a.example', 'KmsRequestsFailing host=kms02.a.example'],
  },
  {
    cause: 'activations end within days',
    fires: ['KmsLeasesExpiringSoon class=client', 'KmsLeasesExpiring class=client', 'KmsLeasesExpiring class=office'],
    told: ['KmsLeasesExpiring class=office', 'KmsLeasesExpiringSoon class=client'],
  },
  {
    cause: 'the agent is gone',
    fires: ['KmswatchDown', 'KmsHostDown host=kms01.a.example port=1688', 'KmsClientClockSkew host=kms01.a.example'],
    told: ['KmswatchDown'],
  },
];

describeWithPeers('the inhibition of the example, in Alertmanager itself', ['alertmanager'], () => {
  let alertmanager: Alertmanager;

  beforeAll(async () => {
    const { inhibit_rules } = parse(readFileSync(EXAMPLE, 'utf8'));
    const nobody = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] };
    alertmanager = await startAlertmanager(stringify({ ...nobody, inhibit_rules }));
  });
  afterAll(() => alertmanager?.stop());

  it.each(CAUSES)('tells once of what has one cause, and of all that has another: $cause', async (each) => {
    // One agent per cause: alerts of two agents do not affect each other.
    const target = { job: 'kmswatch', instance: each.cause.replaceAll(/\W/g, '-') };
    await send(each.fires.map((text) => ({ labels: { ...labelsOf(text), ...target } })));
    await expect.poll(() => told(target.instance)).toEqual(sorted(each.told));
  });

  it('lets no agent silence another', async () => {
    const sources = CAUSES.flatMap(({ fires }) => fires);
    const target = { job: 'kmswatch', instance: 'one' };
    await send([
      ...sources.map((text) => ({ labels: { ...labelsOf(text), ...target } })),
      { labels: { ...labelsOf('KmsHostDown host=kms01.a.example port=1688'), job: 'kmswatch', instance: 'other' } },
    ]);
    await expect.poll(() => told('one')).toContain('KmswatchDown');
    expect(await told('other')).toEqual(['KmsHostDown host=kms01.a.example port=1688']);
  });

  async function send(alerts: readonly object[]): Promise<void> {
    const { status } = await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    expect(status).toBe(200);
  }

  async function told(instance: string): Promise<readonly AlertText[]> {
    const filter = encodeURIComponent(`instance="${instance}"`);
    const response = await fetch(`${alertmanager.url}/api/v2/alerts?inhibited=false&filter=${filter}`);
    return sorted(ActiveAlerts.parse(await response.json()).map(({ labels }) => textOf(labels)));
  }

  function sorted(texts: readonly AlertText[]): readonly AlertText[] {
    return texts.map((text) => textOf(labelsOf(text))).sort();
  }
});

function labelsOf(text: AlertText): Record<string, string> {
  const [alertname = '', ...labels] = text.split(' ');
  return { alertname, ...Object.fromEntries(labels.map((label) => label.split('='))) };
}

function textOf({ alertname, job: _job, instance: _instance, ...labels }: Record<string, string>): AlertText {
  const rest = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [alertname, ...rest.sort()].join(' ');
}

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
