import { type Alert, isResolved } from './alert.ts';

/** Alerts that a chat message lists; the status page has all of them. */
export const MAX_TOLD = 15;

/** `KMS: 2 firing (1 critical), 1 resolved`, or the summary where there is one alert. */
export function headline(alerts: readonly Alert[]): string {
  const [only] = alerts;
  if (alerts.length === 1 && only !== undefined) {
    return `KMS: ${isResolved(only) ? 'resolved' : only.labels['severity']}: ${only.summary}`;
  }
  const resolved = alerts.filter(isResolved).length;
  const firing = alerts.length - resolved;
  const critical = alerts.filter((alert) => !isResolved(alert) && alert.labels['severity'] === 'critical').length;
  const parts = [
    firing === 0 ? [] : [`${firing} firing${critical === 0 ? '' : ` (${critical} critical)`}`],
    resolved === 0 ? [] : [`${resolved} resolved`],
  ];
  return `KMS: ${parts.flat().join(', ')}`;
}

/** Says how many of the alerts a message leaves out; undefined for none. */
export function untold(alerts: readonly Alert[]): string | undefined {
  const rest = alerts.length - MAX_TOLD;
  return rest > 0 ? `and ${rest} more: see the status page of kmswatch` : undefined;
}
