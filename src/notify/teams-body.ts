import { type Alert, byUrgency, isResolved, onePerFault, subjectText } from './alert.ts';
import { headline, MAX_TOLD, untold } from './headline.ts';
import { type Links, runbookUrl } from './links.ts';

/**
 * An adaptive card for a webhook of Microsoft Teams ("Workflows"; the connectors before them are retired).
 * Plain runs of text alone, as a text block would read Markdown in names.
 * Source: https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams, https://adaptivecards.io/explorer/.
 */
export function teamsBody(all: readonly Alert[], links: Links): object {
  const alerts = onePerFault(all);
  const rest = untold(alerts);
  const body = [
    richText([{ text: headline(alerts), weight: 'Bolder', size: 'Large' }]),
    ...byUrgency(alerts)
      .slice(0, MAX_TOLD)
      .map((alert) => container(alert, links)),
    ...(rest === undefined ? [] : [richText([{ text: rest, isSubtle: true }])]),
  ];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body,
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

interface Run {
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Large';
  readonly isSubtle?: boolean;
}

function container(alert: Alert, links: Links): object {
  const resolved = isResolved(alert);
  const place = subjectText(alert);
  return {
    type: 'Container',
    style: resolved ? 'good' : alert.labels['severity'] === 'critical' ? 'attention' : 'warning',
    items: [
      richText([{ text: `${resolved ? 'Resolved: ' : ''}${alert.labels['alertname']}`, weight: 'Bolder' }]),
      richText([{ text: alert.summary }]),
      ...(resolved ? [] : [richText([{ text: alert.remedy }])]),
      ...(place === '' ? [] : [richText([{ text: place, isSubtle: true }])]),
    ],
    selectAction: { type: 'Action.OpenUrl', title: 'Runbook', url: runbookUrl(alert, links) },
  };
}

function richText(runs: readonly Run[]): object {
  return { type: 'RichTextBlock', inlines: runs.map((run) => ({ type: 'TextRun', ...run })) };
}
