import { formatDuration } from '../../kernel/duration.ts';
import { CATALOGUE } from '../catalogue.ts';
import { type AlertPattern, ANY, EXPLANATIONS, type Explanation } from '../causes.ts';
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

* **Prometheus**: load [alerts/kmswatch.rules.yml](../alerts/kmswatch.rules.yml) as \`rule_files\` (2.42 or later). The
  scrape job may have any name. [config/alertmanager.example.yml](../config/alertmanager.example.yml) has receivers,
  and the inhibition rules that turn one cause into one message. For Microsoft Teams, use
  [config/alertmanager-teams.example.yml](../config/alertmanager-teams.example.yml) with Alertmanager 0.28 or later.
* **Everything at once**, with Grafana: follow the instructions at the top of
  [config/compose.yml](../config/compose.yml).
* **Grafana** instead of Prometheus' rules: put [alerts/grafana/kmswatch.yml](../alerts/grafana/kmswatch.yml) into
  \`provisioning/alerting\` and set the uid of your data source. Grafana calls an alert by the title of its rule; so rules
  with the same name are in two folders, "KMS" and "KMS (variants)". A notification policy for all of them matches
  \`grafana_folder =~ "KMS.*"\`.
* **None of these**: the agent can send notifications itself ([notifications.md](notifications.md)), and
  \`/api/v1/conditions\` lists the open conditions.
* **Runbooks**: \`runbook_url\` leads to an agent of the site: to \`web.external_url\` if you have set it
  ([web.md](web.md#behind-a-proxy)), else to the address at which Prometheus scrapes it, over HTTP. Grafana's templates
  cannot ask for either; change the address in its rules, as below. The runbook of an alert that only Prometheus can raise
  is in its description, as no agent may answer then.
* **Other severities or labels**: change the files by \`sed\` after each update, not by hand, for example for an
  organisation that pages on \`severity: page\` and routes alerts by a label \`team\`:

\`\`\`sh
sed -i 's|http://kmswatch:11688/|https://kmswatch.corp.example/|' grafana/kmswatch.yml
sed -i -E -e 's/severity: critical$/severity: page/' -e 's/^( +)severity: \\w+$/&\\n\\1team: windows/' kmswatch.rules.yml
sed -i 's/"critical"/"page"/g' alertmanager.yml grafana/inhibition-rules.ndjson
sed -i -e 's/severity=\\\\"critical\\\\"/severity=\\\\"page\\\\"/g' -e 's/"critical"/"page"/g' dashboards/*.json
\`\`\`

## One cause, one message

A host that is down sends no report, its domain may be without a host, and clients ask in vain. The table below says which
alert explains which. While the cause fires, the others are there, on the status page folded below it and in
\`/api/v1/conditions\` with \`explained_by\`, but no message names them. Labels in the third column are the same in both:
what is down in one domain or at one site hides nothing in another. The same table is Alertmanager's inhibition. If Grafana
judges, send its alerts to an Alertmanager with the shipped file, or see [below](#inhibition-in-grafana).

| cause | explains | where these are the same |
| --- | --- | --- |
${EXPLANATIONS.map(explanationRow).join('\n')}

\`KmsHostNotActivated\` and \`KmsProductRefused\` have the label \`domain\` only if the host has a single domain: PromQL
cannot multiply the keys of a host by its domains.

Machines that stop renewing do so for Windows and Office at once, and nobody asks an idle host for either: these alerts are
one entry of the status page and one message for all classes, with the number of each.

Page either from Prometheus or from kmswatch itself, not from both. Otherwise every message comes twice.

### Inhibition in Grafana

From version 13 on, the Alertmanager within Grafana can inhibit, but takes its rules only by its API (\`v1beta1\`), neither
from provisioning files nor on a page
([Grafana's documentation](https://grafana.com/docs/grafana/latest/alerting/configure-notifications/inhibition-rules/)).
[alerts/grafana/inhibition-rules.ndjson](../alerts/grafana/inhibition-rules.ndjson) has the table above in that form, a rule
a line. Put them in, and after each update again, with the token of a service account that may change notifications:

\`\`\`sh
api=https://grafana.corp.example/apis/notifications.alerting.grafana.app/v1beta1/namespaces/default/inhibitionrules
while read -r rule; do
  name=$(printf '%s' "$rule" | sed 's/.*"name":"\\([^"]*\\)".*/\\1/')
  curl -sS -o /dev/null -X DELETE -H "Authorization: Bearer $TOKEN" "$api/$name"
  curl -sS --fail-with-body -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d "$rule" "$api" || break
done < alerts/grafana/inhibition-rules.ndjson
\`\`\`

The namespace is \`default\` in organisation 1 and \`org-N\` in others. Grafana 13.0 and 13.1 keep the rules but apply them only
with the feature toggle \`alertingMultiplePolicies\`. Both files for Grafana follow its source and its documentation; neither
has been loaded into a running Grafana yet.

## How to read the tables

*After* is how long the condition has to hold before it fires. *Kept* is for how long the alert goes on firing once the
condition no longer holds (\`keep_firing_for\`), so that a value that wavers around its limit is one alert. A cause goes on
for at least a minute longer than what it explains. So nobody is notified of what is already over. When the last agent of a
site dies, or its samples stop, nothing there holds any more, though it may still be true. So each alert goes on until
\`KmswatchDown\` and \`KmswatchSiteMissing\` fire and hide its end. Evaluate the rules and scrape at least once a minute.

If a value is unknown, no condition is derived from it: a value that is too old is withdrawn, and the conditions that rest
on it end. If the log of a host is not arriving
(\`KmsActivationFeedStale\`), conditions that rest on this log alone are not judged.

The agent and Prometheus reach the same verdict from the same state, but for a moment they may differ:

* Each evaluates at its own times, so they can be up to one scrape and one evaluation apart.
* \`KmsEventLogGap\` and \`KmswatchNotifierFailing\` fire in Prometheus only if it has a sample from before the event.
* After a restart, the agent keeps its open conditions, even for hosts that it has not heard from again yet. In
  Prometheus, \`for\` depends on how long Prometheus was down.
`;

function explanationRow({ cause, effects, equal }: Explanation): string {
  return `| ${patternText(cause)} | ${patternText(effects)} | ${['job', 'site', ...equal].join(', ')} |`;
}

function patternText({ names, except = [], labels = {} }: AlertPattern): string {
  const quoted = (list: readonly string[]) => list.map((name) => `\`${name}\``).join(', ');
  const but = except.length === 0 ? '' : ` but ${quoted(except)}`;
  const list = names === 'all' ? `everything else${but}` : quoted(names);
  const conditions = Object.entries(labels).map(([label, value]) => {
    if (value === ANY) return `with \`${label}\``;
    return value === '' ? `without \`${label}\`` : `with \`${label}="${value}"\``;
  });
  return [list, ...conditions].join(' ');
}

/** `docs/alerts.md`. @param measured what was measured, in sections */
export function alertsPage(measured: string): string {
  return [HEAD, ...CONDITION_GROUPS.map(section), measured].join('\n');
}

function section(group: ConditionGroup): string {
  return [
    `## ${TITLES[group]}`,
    '',
    '| alert | severity | after | kept | holds when |',
    '| --- | --- | --- | --- | --- |',
    ...CATALOGUE.filter((condition) => condition.group === group).map(row),
    '',
  ].join('\n');
}

function row({ name, severity, hold, keepFiring, holdsWhen }: Condition): string {
  const kept = keepFiring === undefined ? '' : formatDuration(keepFiring);
  return `| [${name}](runbooks/${name}.md) | ${severity} | ${formatDuration(hold)} | ${kept} | ${holdsWhen} |`;
}
