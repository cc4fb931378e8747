import { MINUTE_MS, millis, rfc3339OfMillis } from '../kernel/time.ts';
import type { Alert } from './alert.ts';
import { annotationsOf } from './generic-body.ts';
import type { Links } from './links.ts';
import type { WallTime } from './wall-time.ts';

/** Alerts of one request, as Prometheus sends them (`notifier.DefaultMaxBatchSize`). */
export const MAX_ALERTMANAGER = 256;

/** Milliseconds after which an alert that still fires is sent again, as Prometheus does (`--rules.alert.resend-delay`). */
export const RESEND_AFTER = MINUTE_MS;

/** An alert that is not sent again is over after this many resends, as in Prometheus: then the agent is gone. */
const RESENDS_TO_LIVE = 4;

/**
 * The body of `POST /api/v2/alerts`.
 * Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml (postableAlerts).
 */
export function alertmanagerBody(alerts: readonly Alert[], time: WallTime, links: Links): object {
  return alerts.map((alert) => ({
    labels: alert.labels,
    annotations: annotationsOf(alert, links),
    ...timesOf(alert, time),
    generatorURL: links.pages,
  }));
}

/**
 * While the clock is in doubt, Alertmanager goes by its own: it begins an alert without times now, keeps the start of one
 * that it knows, and lets it live for its `resolve_timeout`, 5 minutes unless configured (api/v2/api.go, types.Alert.Merge).
 */
function timesOf({ startsAt, endsAt }: Alert, { now, isInDoubt }: WallTime): object {
  if (isInDoubt && endsAt === undefined) return {};
  return {
    startsAt: rfc3339OfMillis(startsAt),
    endsAt: rfc3339OfMillis(endsAt ?? millis(now + RESENDS_TO_LIVE * RESEND_AFTER)),
  };
}
