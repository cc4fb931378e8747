import { formatDuration } from '../../kernel/duration.ts';
import { CATALOGUE } from '../catalogue.ts';
import { CONDITION_GROUPS, type Condition, type ConditionGroup } from '../condition.ts';

const TITLES: Readonly<Record<ConditionGroup, string>> = {
  hosts: 'Hosts',
  dns: 'DNS',
  thresholds: 'Counts and thresholds',
  logs: 'Reports and logs of hosts',
  clients: 'Clients',
  leases: 'Leases',
  agent: 'The agent itself',
};

const HEAD = `# Alerts

Made from the catalogue of conditions by \`npm run docs\`; do not edit. The same catalogue drives \`kmswatch check\`,
\`/api/v1/conditions\`, the status page and the rules for Prometheus and Grafana. Each alert has a runbook.

## Set up alerts

* **Prometheus**: load [alerts/kmswatch.rules.yml](../alerts/kmswatch.rules.yml) as \`rule_files\` (2.42 or later), and
  call the scrape job \`kmswatch\`. [config/alertmanager.example.yml](../config/alertmanager.example.yml) has receivers,
  and the inhibition rules that turn one cause into one message. For Microsoft Teams, use
  [config/alertmanager-teams.example.yml](../config/alertmanager-teams.example.yml) with Alertmanager 0.28 or later.
* **Everything at once**, with Grafana: follow the instructions at the top of
  [config/compose.yml](../config/compose.yml).
* **Grafana** instead of Prometheus' rules: put [alerts/grafana/kmswatch.yml](../alerts/grafana/kmswatch.yml) into
  \`provisioning/alerting\` and set the uid of your data source. The file follows the format of Grafana's decoder, but
  it has not been loaded into a running Grafana yet.
* **None of these**: the agent can send notifications itself ([notifications.md](notifications.md)), and
  \`/api/v1/conditions\` lists the open conditions.
* **Runbooks**: \`runbook_url\` leads to the agent, by the address at which Prometheus scrapes it, over HTTP. If your
  agent has TLS, or if its readers reach it by another name, change the address in the rules, as below. The runbook of
  \`KmswatchDown\` is in its description, as no agent answers then.

\`\`\`sh
sed -i 's|http://{{ $labels.instance }}/|https://kmswatch.corp.example/|' kmswatch.rules.yml
\`\`\`

Page either from Prometheus or from kmswatch itself, not from both. Otherwise every message comes twice.

## How to read the tables

*After* is how long the condition has to hold before it fires. If a value is unknown, no condition is derived from it:
a value that is too old is withdrawn, and the conditions that rest on it end. If the log of a host is not arriving
(\`KmsActivationFeedStale\`), conditions that rest on this log alone are not judged.

The agent and Prometheus reach the same verdict from the same state, but for a moment they may differ:

* Each evaluates at its own times, so they can be up to one scrape and one evaluation apart.
* \`KmsEventLogGap\` and \`KmswatchNotifierFailing\` fire in Prometheus only if it has a sample from before the event.
* After a restart, the agent keeps its open conditions, even for hosts that it has not heard from again yet. In
  Prometheus, \`for\` depends on how long Prometheus was down.
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
