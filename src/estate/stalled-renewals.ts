import { type Renewals, stalledRatio } from '../leases/stalled.ts';
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
  return (logs.aggregates?.classes ?? []).flatMap(({ cls, renewals, isQuiet }) => {
    const known = renewals.filter(({ host }) => read.get(host) === true);
    const sums = {
      heard: known.reduce((sum, { heard }) => sum + heard, 0),
      stalled: known.reduce((sum, { stalled }) => sum + stalled, 0),
    };
    const ratio = stalledRatio(sums, isQuiet);
    return ratio === undefined ? [] : [{ cls, ...sums, ratio }];
  });
}
