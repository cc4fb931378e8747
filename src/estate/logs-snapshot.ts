import type { Seconds } from '../kernel/time.ts';
import type { ThresholdClass } from '../leases/types.ts';
import type { Aggregates, HostAggregates } from '../store/aggregates.ts';

export const THRESHOLD_CLASSES = ['client', 'server', 'office'] as const satisfies readonly ThresholdClass[];

/** The data from the hosts' logs, with the part of the configuration that judges it. */
export interface LogsSnapshot {
  /** Undefined until the store has been read. */
  readonly aggregates: Aggregates | undefined;
  /** Seconds since the epoch, by the clock that judges records. */
  readonly now: Seconds;
  readonly thresholds: Readonly<Record<ThresholdClass, number>>;
  readonly warnMargins: Readonly<Record<ThresholdClass, number>>;
  /** Seconds after which a host whose log was not heard from is not believed to be idle. */
  readonly staleAfter: Seconds;
  /** `leases.stalled`, a share. */
  readonly stalledLimit: number;
  /** `leases.critical` in seconds. */
  readonly criticalWithin: Seconds;
}

/** Whether the log of a host was heard from, in whatever way, within `activations.stale_after`. */
export function isHeard(host: HostAggregates, now: Seconds, staleAfter: Seconds): boolean {
  return host.lastArrival !== undefined && host.lastArrival > now - staleAfter;
}
