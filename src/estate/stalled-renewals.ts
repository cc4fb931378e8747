import { OF_AT_LEAST, type Renewals, stalledRatio } from '../leases/stalled.ts';
import type { LeaseClass } from '../leases/types.ts';
import { logsRead } from './log-reading.ts';
import type { LogsSnapshot } from './logs-snapshot.ts';
import type { EstateSnapshot } from './snapshot.ts';

/** The stalled renewals of a class. */
export interface StalledRenewals extends Renewals {
  readonly cls: LeaseClass;
  /** From 0 to 1. */
  readonly ratio: number;
}

/** By class, without leases whose last host's log is not being read: their silence says nothing. */
export function stalledRenewals(estate: EstateSnapshot, logs: LogsSnapshot): readonly StalledRenewals[] {
  const read = logsRead(estate, logs);
  const isMigrating = logs.aggregates?.migration !== undefined;
  return (logs.aggregates?.classes ?? []).flatMap(({ cls, renewals, isQuiet, tolerated }) => {
    const known = renewals.filter(({ host }) => read.get(host) === true);
    const sums = {
      heard: known.reduce((sum, { heard }) => sum + heard, 0),
      stalled: known.reduce((sum, { stalled }) => sum + stalled, 0),
    };
    // When a fleet has moved, only a few are left that were gone before, and no alert should say that all of them stalled.
    const ratio = stalledRatio(sums, isQuiet, isMigrating ? Math.max(OF_AT_LEAST, tolerated + 1) : OF_AT_LEAST);
    return ratio === undefined ? [] : [{ cls, ...sums, ratio }];
  });
}
