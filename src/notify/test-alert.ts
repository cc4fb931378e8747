import type { Millis } from '../kernel/time.ts';
import { type Alert, fingerprintOf } from './alert.ts';

/** The alert of `kmswatch notify test`: its name and text say that nothing is wrong. */
export function testAlert(now: Millis, source: string): Alert {
  const labels = { alertname: 'KmswatchTest', severity: 'warning', source };
  return {
    fingerprint: fingerprintOf(labels),
    labels,
    summary: 'This is a test notification from kmswatch. Nothing is wrong.',
    remedy: 'You need not do anything: someone ran "kmswatch notify test".',
    runbook: 'runbooks',
    startsAt: now,
    endsAt: undefined,
  };
}
