import { DOCUMENTATION } from '../conditions/documentation.ts';
import type { Millis } from '../kernel/time.ts';
import { type Alert, fingerprintOf } from './alert.ts';

/** What `kmswatch notify test` sends: its name and words say that nothing is wrong. */
export function testAlert(now: Millis, source: string): Alert {
  const labels = { alertname: 'KmswatchTest', severity: 'warning', source };
  return {
    fingerprint: fingerprintOf(labels),
    labels,
    summary: 'This is a test notification from kmswatch. Nothing is wrong.',
    remedy: 'Nothing is to be done: somebody has run "kmswatch notify test".',
    runbook: `${DOCUMENTATION}docs/notifications.md`,
    startsAt: now,
    endsAt: undefined,
  };
}
