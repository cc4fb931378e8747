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

const Inhibition = z.array(
  z.object({
    source_matchers: z.array(z.string()),
    target_matchers: z.array(z.string()),
    equal: z.array(z.string()),
  }),
);

/** Parts that Alertmanager's own documentation has; Debian's amtool is too old to know msteamsv2_configs. */
const TeamsConfig = z.strictObject({
  route: z.looseObject({ receiver: z.literal('teams'), group_by: z.array(z.string()) }),
  inhibit_rules: Inhibition,
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

describeWithPeers('the example for Alertmanager', ['amtool'], () => {
  it('is a configuration that it takes (amtool check-config)', () => {
    const { status, stdout } = spawnSync(peerPath('amtool'), ['check-config', EXAMPLE], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it.each([
    ['mail', 'alertname=KmsHostDown severity=warning host=kms01'],
    ['on-call', 'alertname=KmsNoHostAvailable severity=critical domain=corp.example'],
    ['mail', 'alertname=KmswatchReloadFailed severity=warning instance=agent'],
    ['on-call', 'alertname=KmswatchDown severity=critical site=hq'],
    ['mail', 'alertname=KmswatchReplicaDown severity=warning instance=agent'],
  ])('sends to %s: %s', (receiver, labels) => {
    const { stdout } = spawnSync(
      peerPath('amtool'),
      ['config', 'routes', 'test', `--config.file=${EXAMPLE}`, ...labels.split(' ')],
      { encoding: 'utf8' },
    );
    expect(stdout.trim()).toBe(receiver);
  });

  it.each(['KmswatchDown', 'KmswatchSiteMissing'])('has a separate route for %s', (name) => {
    const { stdout } = spawnSync(
      peerPath('amtool'),
      ['config', 'routes', 'test', '--tree', `--config.file=${EXAMPLE}`, `alertname=${name}`, 'severity=critical'],
      { encoding: 'utf8' },
    );
    expect(stdout).toContain('{alertname=~"KmswatchDown|KmswatchSiteMissing"}');
    expect(stdout).not.toContain('severity=');
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
      'KmsNoHostAvailable hosts=kms01,kms02',
      'KmsNoHostAvailable domain=a.example hosts=kms01',
      'KmsNoHostAvailable domain=b.example hosts=kms02',
      'KmsHostDown domain=a.example host=kms01.a.example port=1688',
      'KmsReportStale domain=a.example host=kms01.a.example',
      'KmsActivationFeedStale domain=a.example host=kms01.a.example',
    ],
    told: ['KmsNoHostAvailable hosts=kms01,kms02'],
  },
  {
    cause: 'the only host of a branch is down, and one of two elsewhere',
    fires: [
      'KmsNoHostAvailable domain=branch.example hosts=kms03',
      'KmsHostDown domain=branch.example host=kms03 port=1688',
      'KmsHostDown domain=a.example host=kms02 port=1688',
    ],
    told: ['KmsHostDown domain=a.example host=kms02 port=1688', 'KmsNoHostAvailable domain=branch.example hosts=kms03'],
  },
  {
    cause: 'one host of several is down',
    fires: [
      'KmsHostDown domain=a.example host=kms01.a.example port=1688',
      'KmsReportStale domain=a.example host=kms01.a.example',
      'KmsActivationFeedStale domain=a.example host=kms01.a.example',
      'KmsReportStale domain=a.example host=kms02.a.example',
    ],
    told: [
      'KmsHostDown domain=a.example host=kms01.a.example port=1688',
      'KmsReportStale domain=a.example host=kms02.a.example',
    ],
  },
  {
    cause: 'one port of a host is down, and another is up',
    fires: ['KmsHostDown host=kms01.a.example other_ports=up port=1689', 'KmsReportStale host=kms01.a.example'],
    told: ['KmsHostDown host=kms01.a.example other_ports=up port=1689', 'KmsReportStale host=kms01.a.example'],
  },
  {
    cause: 'a web server has the port of an expected host',
    fires: [
      'KmsHostDown domain=a.example host=kms01.a.example port=80',
      'KmsSrvRecordStale domain=a.example host=kms01.a.example port=80',
      'KmsSrvRecordStale domain=a.example host=kms02.a.example port=80',
    ],
    told: [
      'KmsHostDown domain=a.example host=kms01.a.example port=80',
      'KmsSrvRecordStale domain=a.example host=kms02.a.example port=80',
    ],
  },
  {
    cause: 'the service of a host fails',
    fires: ['KmsServiceFailure host=kms01.a.example', 'KmsHostDown host=kms01.a.example port=1688'],
    told: ['KmsServiceFailure host=kms01.a.example'],
  },
  {
    cause: 'a branch is below its threshold, and another domain is near it',
    fires: [
      'KmsClientsBelowThreshold class=client domain=branch.example',
      'KmsClientsNearThreshold class=client domain=branch.example',
      'KmsHostBelowThreshold class=client domain=branch.example host=kms01.branch.example',
      'KmsThresholdBreachAhead class=client domain=branch.example host=kms01.branch.example',
      'KmsHostBelowThreshold class=client domain=corp.example host=kms01.corp.example',
      'KmsClientsNearThreshold class=client domain=corp.example',
      'KmsClientsNearThreshold class=office domain=branch.example',
    ],
    told: [
      'KmsClientsBelowThreshold class=client domain=branch.example',
      'KmsClientsNearThreshold class=client domain=corp.example',
      'KmsClientsNearThreshold class=office domain=branch.example',
      'KmsHostBelowThreshold class=client domain=corp.example host=kms01.corp.example',
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
    cause: 'a name server has an old zone',
    fires: [
      'KmsDnsServersDisagree domain=a.example',
      'KmsSrvRecordStale domain=a.example host=kmsold partial=yes port=1688',
      'KmsHostDown domain=a.example host=kmsold partial=yes port=1688',
      'KmsHostDown domain=a.example host=kms01 port=1688',
    ],
    told: ['KmsDnsServersDisagree domain=a.example', 'KmsHostDown domain=a.example host=kms01 port=1688'],
  },
  {
    cause: 'the clock of a hypervisor is wrong',
    fires: [
      'KmsClientClockSkew host=kms01.a.example',
      'KmsClientsRetrying class=server clock=wrong host=kms01.a.example pool=windows',
      'KmsRequestsFailing clock=wrong host=kms01.a.example pool=windows',
      'KmsClientsRetrying class=client host=kms01.a.example pool=windows',
      'KmsClientsRetrying class=server clock=wrong host=kms02.a.example pool=windows',
    ],
    told: [
      'KmsClientClockSkew host=kms01.a.example',
      'KmsClientsRetrying class=client host=kms01.a.example pool=windows',
      'KmsClientsRetrying class=server clock=wrong host=kms02.a.example pool=windows',
    ],
  },
  {
    cause: 'a host key is not activated',
    fires: [
      'KmsHostNotActivated host=kms01.a.example pool=windows',
      'KmsProductRefused host=kms01.a.example pool=windows product=x',
      'KmsRequestsFailing host=kms01.a.example pool=windows',
      'KmsClientsRetrying class=client host=kms01.a.example pool=windows',
      'KmsRequestsFailing host=kms01.a.example pool=office',
      'KmsRequestsFailing host=kms02.a.example pool=windows',
    ],
    told: [
      'KmsHostNotActivated host=kms01.a.example pool=windows',
      'KmsRequestsFailing host=kms01.a.example pool=office',
      'KmsRequestsFailing host=kms02.a.example pool=windows',
    ],
  },
  {
    cause: 'activations end within days',
    fires: ['KmsLeasesExpiringSoon class=client', 'KmsLeasesExpiring class=client', 'KmsLeasesExpiring class=office'],
    told: ['KmsLeasesExpiring class=office', 'KmsLeasesExpiringSoon class=client'],
  },
  {
    cause: 'the agent is gone',
    fires: [
      'KmswatchDown',
      'KmswatchSiteMissing',
      'KmsHostDown host=kms01.a.example port=1688',
      'KmsClientClockSkew host=kms01.a.example',
    ],
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
    // One site per cause: alerts of two sites do not affect each other.
    const target = { job: 'kmswatch', site: each.cause.replaceAll(/\W/g, '-') };
    await send(each.fires.map((text) => ({ labels: { ...labelsOf(text), ...target } })));
    await expect.poll(() => told(target.site)).toEqual(sorted(each.told));
  });

  it('lets no site silence another', async () => {
    const sources = CAUSES.flatMap(({ fires }) => fires);
    const target = { job: 'kmswatch', site: 'one' };
    await send([
      ...sources.map((text) => ({ labels: { ...labelsOf(text), ...target } })),
      { labels: { ...labelsOf('KmsHostDown host=kms01.a.example port=1688'), job: 'kmswatch', site: 'other' } },
    ]);
    await expect.poll(() => told('one')).toEqual(['KmswatchDown']);
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

  async function told(site: string): Promise<readonly AlertText[]> {
    const filter = encodeURIComponent(`site="${site}"`);
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

function textOf({ alertname, job: _job, site: _site, ...labels }: Record<string, string>): AlertText {
  const rest = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [alertname, ...rest.sort()].join(' ');
}

describeWithPeers('the examples for sites', ['promtool'], () => {
  it.each(['prometheus-site.yml', 'prometheus-central.yml'])('are configurations that Prometheus takes: %s', (name) => {
    const { status, stdout, stderr } = spawnSync(
      peerPath('promtool'),
      ['check', 'config', join(REPOSITORY, 'config', name)],
      { encoding: 'utf8' },
    );
    expect([status, stderr, stdout]).toEqual([0, '', expect.stringContaining('SUCCESS')]);
  });
});

describe('the examples for Alertmanager', () => {
  it('inhibit alerts that there are, by labels of one site', () => {
    const known = new Set(CATALOGUE.map(({ name }) => name));
    const { inhibit_rules } = parse(readFileSync(EXAMPLE, 'utf8'));
    const rules = Inhibition.parse(inhibit_rules);
    const names = rules.flatMap((rule) =>
      [...rule.source_matchers, ...rule.target_matchers].flatMap((text) => text.match(/Kms\w+\b(?!\.\*)/g) ?? []),
    );
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    for (const { equal } of rules) expect(equal.slice(0, 2)).toEqual(['job', 'site']);
  });

  it('have Teams in a separate file', () => {
    expect(TeamsConfig.safeParse(parse(readFileSync(TEAMS, 'utf8'))).error).toBeUndefined();
    expect(readFileSync(EXAMPLE, 'utf8')).not.toContain('msteamsv2_configs');
  });
});
