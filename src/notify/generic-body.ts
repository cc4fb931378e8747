import { rfc3339OfMillis } from '../kernel/time.ts';
import { type Alert, byUrgency, commonLabels, isResolved } from './alert.ts';
import { type Links, runbookUrl } from './links.ts';

/** Alerts of one message: the body stays below a megabyte. */
export const MAX_GENERIC = 500;

/**
 * What Alertmanager posts to a webhook, so that whatever reads that reads this.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config (version 4).
 */
export function genericBody(alerts: readonly Alert[], receiver: string, links: Links): object {
  const common = commonLabels(alerts);
  return {
    version: '4',
    groupKey: `{}:{kmswatch="${receiver}"}`,
    truncatedAlerts: 0,
    status: alerts.every(isResolved) ? 'resolved' : 'firing',
    receiver,
    groupLabels: {},
    commonLabels: common,
    commonAnnotations: alerts.length === 1 && alerts[0] !== undefined ? annotationsOf(alerts[0], links) : {},
    externalURL: links.pages,
    alerts: byUrgency(alerts).map((alert) => ({
      status: isResolved(alert) ? 'resolved' : 'firing',
      labels: alert.labels,
      annotations: annotationsOf(alert, links),
      startsAt: rfc3339OfMillis(alert.startsAt),
      // Alertmanager's own zero time, while there is no end.
      endsAt: alert.endsAt === undefined ? '0001-01-01T00:00:00Z' : rfc3339OfMillis(alert.endsAt),
      generatorURL: links.pages,
      fingerprint: alert.fingerprint,
    })),
  };
}

export function annotationsOf(alert: Alert, links: Links): Record<string, string> {
  return { summary: alert.summary, description: alert.remedy, runbook_url: runbookUrl(alert, links) };
}
