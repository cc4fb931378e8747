import type { Estate } from '../estate/estate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HostName } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { DAY_MS, millis, wholeSeconds } from '../kernel/time.ts';
import { smallestCount } from '../leases/reported.ts';
import type { HostReport } from '../reports/types.ts';
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
}

/**
 * Takes what a host said of itself: into the estate, and its counts into the store, where leases and margins follow.
 * @param host one of its names
 */
export async function acceptReport(
  host: HostName,
  report: HostReport,
  { estate, store, clock, eventClock }: ReportSinks,
): Promise<Result<undefined, ReportRefusal>> {
  const name = estate.reporting(host);
  if (name === undefined) return err({ reason: 'unknown_host', text: 'no report is configured for this host' });
  const age = eventClock.now() - report.time;
  if (age < -AHEAD) {
    const text = `the report is dated ${new Date(report.time).toISOString()}: correct the clock of the host`;
    return err({ reason: 'dated_ahead', text });
  }
  const stored = await store.takeReport({
    host: name,
    time: wholeSeconds(report.time),
    counts: { windows: countOf(report, 'windows'), office: countOf(report, 'office') },
    activationInterval: report.activationInterval,
  });
  // What it says of now does not depend on the disk.
  const at = clock.now();
  estate.recordReport({ host: name, report, at, asOf: millis(at - Math.max(0, age)) });
  return stored.ok ? ok(undefined) : err({ reason: 'store', text: stored.error.text });
}

function countOf({ keys }: HostReport, pool: 'windows' | 'office'): number | undefined {
  return smallestCount(keys.filter((key) => key.pool === pool).map(({ clients }) => clients));
}
