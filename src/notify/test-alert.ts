import { type Alert, fingerprintOf } from './alert.ts';

/** What `kmswatch notify test` sends: its name and words say that nothing is wrong. */
export function testAlert(now: number, source: string): Alert {
  const labels = { alertname: 'KmswatchTest', severity: 'warning', source };
  return {
    fingerprint: fingerprintOf(labels),
    labels,
    summary: 'This is a test notification from kmswatch. Nothing is wrong.',
    remedy: 'Nothing is to be done: somebody has run "kmswatch notify test".',
    runbook: 'runbooks',
    startsAt: now,
    endsAt: undefined,
  };
}
