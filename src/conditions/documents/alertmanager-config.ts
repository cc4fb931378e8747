import { type AlertPattern, EXPLANATIONS, type Explanation } from '../causes.ts';
import { matchersOf } from './alert-matchers.ts';

/** `config/alertmanager.example.yml`. */
export function alertmanagerConfig(): string {
  return `${HEAD}${ROUTE}
${inhibitRules()}
${RECEIVERS}`;
}

/** `config/alertmanager-teams.example.yml`. */
export function alertmanagerTeamsConfig(): string {
  return `${TEAMS_HEAD}
${inhibitRules()}
${TEAMS_RECEIVERS}`;
}

/** `config/compose/alertmanager/alertmanager.yml`. */
export function alertmanagerOfCompose(): string {
  return `${COMPOSE_HEAD}${ROUTE}
${inhibitRules()}
receivers:
  - name: mail
  - name: on-call
`;
}

const COMPOSE_HEAD = `# Alertmanager of ../../compose.yml, made by \`npm run docs\`: ../../alertmanager.example.yml without its receivers. Until you
# configure these two receivers, alerts only appear on its page and in Grafana, and nobody is notified.
# alertmanager.example.yml has mail, Slack and a webhook; alertmanager-teams.example.yml has Microsoft Teams. Put files
# with passwords next to this one; their path is /etc/alertmanager/NAME.

`;

const HEAD = `# Alertmanager 0.25 or later, for the alerts of kmswatch, made by \`npm run docs\`: copy it, and put your receivers in.
# To check it: amtool check-config alertmanager.yml
# Microsoft Teams needs 0.28: see alertmanager-teams.example.yml.

`;

/** Groups that make one message of one cause; what is true of several domains for the same hosts is one. */
const GROUPS = `
      # One message for each host, for domains that have the same hosts, and for each other cause in a domain.
      - matchers: ['host!=""']
        group_by: [alertname, job, site, host]
      - matchers: ['hosts!=""']
        group_by: [alertname, job, site, hosts]`;

const ROUTE = `route:
  receiver: mail
  group_by: [alertname, job, site, domain]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 1d
  routes:
    # Nobody watches any more: this goes out by itself.
    - matchers: ['alertname=~"KmswatchDown|KmswatchSiteMissing"']
      receiver: on-call
      group_by: [alertname, job, site]
      repeat_interval: 4h
    # Nobody can activate, or nobody will be able to within days: notify at once, and repeat while it lasts.
    - matchers: ['alertname=~"Kms.*"', 'severity="critical"']
      receiver: on-call
      repeat_interval: 4h
      routes:${GROUPS.replace(/^/gm, '  ').replace(/^ +$/gm, '')}
    # One part of the monitoring has failed: these are apart from all others.
    - matchers: ['alertname=~"Kmswatch.*"']
      receiver: mail
      group_by: [alertname, job, site, instance]
    - matchers: ['alertname=~"Kms.*"']
      receiver: mail
      routes:${GROUPS.replace(/^/gm, '  ').replace(/^ +$/gm, '')}
`;

/** Every label in `equal` MUST be the same in both alerts, or be in neither. */
function inhibitRules(): string {
  return `# One cause, one message. The labels in \`equal\` are the same in both alerts: nothing that is down in one place, at one
# site or in one domain hides another.
inhibit_rules:
${EXPLANATIONS.map(ruleOf).join('\n')}
`;
}

function ruleOf({ because, cause, effects, equal }: Explanation): string {
  return `  # ${because}
  - source_matchers: [${quoted(cause)}]
    target_matchers: [${quoted(effects, cause)}]
    equal: [${['job', 'site', ...equal].join(', ')}]`;
}

function quoted(pattern: AlertPattern, cause?: AlertPattern): string {
  return matchersOf(pattern, cause)
    .map((matcher) => `'${matcher}'`)
    .join(', ');
}

const MAIL = `      - to: windows-team@example.com
        from: kmswatch@example.com
        smarthost: mail.example.com:587
        auth_username: kmswatch
        auth_password_file: /etc/alertmanager/smtp.password
        send_resolved: true
        headers:
          Subject: '{{ if eq .Status "resolved" }}Resolved: {{ end }}{{ (index .Alerts 0).Annotations.summary }}{{ if gt (len .Alerts) 1 }} (and {{ len (slice .Alerts 1) }} more){{ end }}'`;

const RECEIVERS = `receivers:
  - name: mail
    email_configs:
${MAIL}
  - name: on-call
    email_configs:
${MAIL}
    slack_configs:
      - api_url_file: /etc/alertmanager/slack.url
        channel: '#kms'
        send_resolved: true
        title: '{{ if eq .Status "resolved" }}Resolved: {{ end }}{{ (index .Alerts 0).Annotations.summary }}'
        text: '{{ range .Alerts }}{{ .Annotations.summary }} {{ .Annotations.description }}{{ with .Annotations.runbook_url }} {{ . }}{{ end }}{{ "\\n" }}{{ end }}'
    webhook_configs:
      - url: http://127.0.0.1:8080/alerts
        send_resolved: true
`;

const TEAMS_HEAD = `# Microsoft Teams, through a workflow ("When a Teams webhook request is received"). It needs Alertmanager 0.28 or later:
# older ones do not have msteamsv2_configs. Made by \`npm run docs\`, as alertmanager.example.yml.

${ROUTE.replaceAll(/receiver: (?:mail|on-call)/g, 'receiver: teams')}`;

const TEAMS_RECEIVERS = `receivers:
  - name: teams
    msteamsv2_configs:
      - webhook_url_file: /etc/alertmanager/teams.url
        send_resolved: true
        title: '{{ if eq .Status "resolved" }}Resolved: {{ end }}{{ (index .Alerts 0).Annotations.summary }}'
        text: '{{ range .Alerts }}{{ .Annotations.summary }} {{ .Annotations.description }}{{ with .Annotations.runbook_url }} {{ . }}{{ end }}{{ "\\n\\n" }}{{ end }}'
`;
