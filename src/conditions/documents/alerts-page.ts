import { formatDuration } from '../../kernel/duration.ts';
import { CATALOGUE } from '../catalogue.ts';
import { CONDITION_GROUPS, type Condition, type ConditionGroup } from '../condition.ts';

const TITLES: Readonly<Record<ConditionGroup, string>> = {
  hosts: 'Hosts',
  dns: 'DNS',
  thresholds: 'Counts and thresholds',
  logs: 'What hosts say of themselves, and their logs',
  clients: 'Clients',
  leases: 'Leases',
  agent: 'The agent itself',
};

const HEAD = `# Alerts

Made from the catalogue of conditions by \`npm run docs\`; do not edit. One catalogue is behind \`kmswatch check\`,
\`/api/v1/conditions\`, the status page and the rules for Prometheus and Grafana; each name has a runbook.

## Setting it up

* **Prometheus**: load [alerts/kmswatch.rules.yml](../alerts/kmswatch.rules.yml) as \`rule_files\` (2.42 or later), and
  call the scrape job \`kmswatch\`. [config/alertmanager.example.yml](../config/alertmanager.example.yml) has receivers
  and the inhibition that makes one message of one cause; Microsoft Teams:
  [config/alertmanager-teams.example.yml](../config/alertmanager-teams.example.yml), Alertmanager 0.28 or later.
* **All of it at once**, with Grafana: [config/compose.yml](../config/compose.yml) begins with how.
* **Grafana** in place of Prometheus' rules: [alerts/grafana/kmswatch.yml](../alerts/grafana/kmswatch.yml) goes into
  \`provisioning/alerting\`; set the uid of your data source. It was written by Grafana's decoder and not yet loaded
  into a running Grafana.
* **Nothing of these**: \`notify\` of the agent tells by itself ([notifications.md](notifications.md)), and
  \`/api/v1/conditions\` has what is open.
* **Runbooks**: \`runbook_url\` leads to the agent, by the address at which Prometheus scrapes it, over HTTP. If your
  agent has TLS, or if its readers reach it by another name, change the address in the rules, as below. The runbook of
  \`KmswatchDown\` is in its description, as no agent answers then.

\`\`\`sh
sed -i 's|http://{{ $labels.instance }}/|https://kmswatch.corp.example/|' kmswatch.rules.yml
\`\`\`

Page either from Prometheus or from kmswatch itself, not from both: otherwise every message comes twice.

## How to read it

*After* is how long it has to hold before it fires. Of what is not known nothing is said: a value that is too old is
withdrawn, and conditions that rest on it end. What rests on the log of one host alone is not judged while that log does
not arrive (\`KmsActivationFeedStale\`).

The agent and Prometheus come to the same verdict from the same state. They may differ for a moment: each looks at its
own times, so up to one scrape and one evaluation; \`KmsEventLogGap\` and \`KmswatchNotifierFailing\` need a number from
before the event in Prometheus; after a restart the agent goes on with what was open, of a host that it has not heard of
again yet as well, while Prometheus' own \`for\` depends on how long it was away.
`;

/** `docs/alerts.md`. @param measured what was measured, in sections */
export function alertsPage(measured: string): string {
  return [HEAD, ...CONDITION_GROUPS.map(section), measured].join('\n');
}

function section(group: ConditionGroup): string {
  return [
    `## ${TITLES[group]}`,
    '',
    '| alert | severity | after | holds when |',
    '| --- | --- | --- | --- |',
    ...CATALOGUE.filter((condition) => condition.group === group).map(row),
    '',
  ].join('\n');
}

function row({ name, severity, hold, holdsWhen }: Condition): string {
  const after = hold === 0 ? 'at once' : formatDuration(hold);
  return `| [${name}](runbooks/${name}.md) | ${severity} | ${after} | ${holdsWhen} |`;
}
