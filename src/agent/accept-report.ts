import type { Estate } from '../estate/estate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HostName } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { DAY_MS, millis, wholeSeconds } from '../kernel/time.ts';
import type { KeyCount } from '../leases/reported.ts';
import type { HostReport, KeyReport } from '../reports/types.ts';
import type { Store } from '../store/store.ts';
import type { ReportRefusal } from '../web/web-backend.ts';

/** As far ahead as records of logs may be dated. */
const AHEAD = DAY_MS;

export interface ReportSinks {
  readonly estate: Estate;
  readonly store: Pick<Store, 'takeReport'>;
  readonly clock: Clock;
  /** By which reports are judged, as log records are. */
  readonly eventClock: Clock;
  /** Whether the agent's own clock may be wrong. */
  readonly isInDoubt: boolean;
}

/**
 * Takes what a host said of itself: into the estate, and its counts into the store, where leases and margins follow.
 * @param host one of its names
 */
export async function acceptReport(
  host: HostName,
  report: HostReport,
  { estate, store, clock, eventClock, isInDoubt }: ReportSinks,
): Promise<Result<undefined, ReportRefusal>> {
  const name = estate.reporting(host);
  if (name === undefined) return err({ reason: 'unknown_host', text: 'no report is configured for this host' });
  const age = eventClock.now() - report.time;
  if (age < -AHEAD && !isInDoubt) {
    const text = `the report is dated ${new Date(report.time).toISOString()}: correct the clock of the host`;
    return err({ reason: 'dated_ahead', text });
  }
  const stored = await store.takeReport({
    host: name,
    time: wholeSeconds(report.time),
    counts: countsOf(report.keys),
    activationInterval: report.activationInterval,
    os: report.os,
    keys: report.keys.map(({ activationId, product, licenseStatus }) => ({
      ...{ activationId, product },
      licensed: licenseStatus === undefined || licenseStatus === 'licensed',
    })),
  });
  // What it says of now does not depend on the disk.
  const at = clock.now();
  estate.recordReport({ host: name, report, at, asOf: millis(at - Math.max(0, age)) });
  return stored.ok ? ok(undefined) : err({ reason: 'store', text: stored.error.text });
}

/**
 * What each key counts, as far as its pool is known. Windows gives no value until somebody has asked: if none of the keys
 * of a pool has been asked, a key that is activated counts nobody.
 */
export function countsOf(keys: HostReport['keys']): readonly KeyCount[] {
  const asked = new Set(keys.filter((key) => !isUnasked(key)).map(({ pool }) => pool));
  return keys.flatMap((key) => {
    const { activationId, pool, clients, licenseStatus } = key;
    if (pool === undefined) return [];
    const isNone = clients === undefined && licenseStatus === 'licensed' && !asked.has(pool);
    return [{ key: activationId, pool, clients: isNone ? 0 : clients }];
  });
}

function isUnasked({ clients, requests }: KeyReport): boolean {
  return requests === 0 && (clients === undefined || clients === 0);
}
