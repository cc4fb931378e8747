import { wholeSeconds } from '../kernel/time.ts';
import { type Alert, byUrgency, isResolved, onePerFault, subjectText } from './alert.ts';
import { headline, MAX_TOLD, untold } from './headline.ts';
import { type Links, runbookUrl } from './links.ts';

const COLORS = { critical: '#c4162a', warning: '#e0a800', resolved: '#2e7d32' } as const;

/**
 * A message for an incoming webhook of Slack, and of what understands the same (Mattermost, Rocket.Chat).
 * Source: https://api.slack.com/messaging/webhooks, https://api.slack.com/reference/messaging/attachments.
 */
export function slackBody(all: readonly Alert[], links: Links): object {
  const alerts = onePerFault(all);
  const told = byUrgency(alerts).slice(0, MAX_TOLD);
  const rest = untold(alerts);
  return {
    text: escaped(headline(alerts)),
    attachments: [
      ...told.map((alert) => ({
        color: colorOf(alert),
        title: escaped(`${isResolved(alert) ? 'Resolved: ' : ''}${alert.labels['alertname']}`),
        title_link: runbookUrl(alert, links),
        fallback: escaped(alert.summary),
        text: escaped(isResolved(alert) ? alert.summary : `${alert.summary}\n${alert.remedy}`),
        footer: escaped(subjectText(alert)),
        ts: wholeSeconds(alert.endsAt ?? alert.startsAt),
      })),
      ...(rest === undefined ? [] : [{ text: rest }]),
    ],
  };
}

function colorOf(alert: Alert): string {
  if (isResolved(alert)) return COLORS.resolved;
  return alert.labels['severity'] === 'critical' ? COLORS.critical : COLORS.warning;
}

/** https://api.slack.com/reference/surfaces/formatting#escaping: no name can make a link or call a channel. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
