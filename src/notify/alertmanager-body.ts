import { MINUTE_MS, type Millis, millis, rfc3339OfMillis } from '../kernel/time.ts';
import type { Alert } from './alert.ts';
import { annotationsOf } from './generic-body.ts';
import type { Links } from './links.ts';

/** Alerts of one request, as Prometheus sends them (`notifier.DefaultMaxBatchSize`). */
export const MAX_ALERTMANAGER = 256;

/** Milliseconds after which an alert that still fires is sent again, as Prometheus does (`--rules.alert.resend-delay`). */
export const RESEND_AFTER = MINUTE_MS;

/** An alert that is not sent again is over after so many resends, as in Prometheus: then the agent is gone. */
const RESENDS_TO_LIVE = 4;

/**
 * The body of `POST /api/v2/alerts`.
 * Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml (postableAlerts).
 * @param now milliseconds since the epoch
 */
export function alertmanagerBody(alerts: readonly Alert[], now: Millis, links: Links): object {
  return alerts.map((alert) => ({
    labels: alert.labels,
    annotations: annotationsOf(alert, links),
    startsAt: rfc3339OfMillis(alert.startsAt),
    endsAt: rfc3339OfMillis(alert.endsAt ?? millis(now + RESENDS_TO_LIVE * RESEND_AFTER)),
    generatorURL: links.pages,
  }));
}
