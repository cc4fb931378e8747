import type { Seconds } from '../kernel/time.ts';
import type { ThresholdClass } from '../leases/types.ts';
import type { Aggregates, HostAggregates } from '../store/aggregates.ts';
import type { MachineCounts } from '../store/machines/machine-types.ts';

export const THRESHOLD_CLASSES = ['client', 'server', 'office'] as const satisfies readonly ThresholdClass[];

/** A source of machines. */
export interface InventorySource {
  /** `directory`, `http`, or a file's name. */
  readonly source: string;
  readonly isConfigured: boolean;
  /** It could be read when it was asked last; of one that is not asked: it spoke within `inventory.stale_after`. */
  readonly isUp: boolean;
  /** It is configured, and has said nothing for `inventory.stale_after`. */
  readonly isStale: boolean;
  /** How old its newest snapshot is, and the machines of that; undefined: there was none. */
  readonly readAt: Seconds | undefined;
  readonly machines: number | undefined;
}

/** The data from the hosts' logs, with the part of the configuration that judges it. */
export interface LogsSnapshot {
  /** Undefined until the store has been read. */
  readonly aggregates: Aggregates | undefined;
  /** All machines, counted by their verdicts; undefined until they were joined. */
  readonly machines?: MachineCounts | undefined;
  /** Sources that list the machines. */
  readonly inventory?: readonly InventorySource[];
  /** Seconds since the epoch, by the clock that judges records. */
  readonly now: Seconds;
  readonly thresholds: Readonly<Record<ThresholdClass, number>>;
  readonly warnMargins: Readonly<Record<ThresholdClass, number>>;
  /** The classes of the hosts whose configuration says what they are there for. */
  readonly serves?: Readonly<Record<string, readonly ThresholdClass[]>>;
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

/** The last request of a host for any product, seconds since the epoch. */
export function newestRequest({ pools, lastOther }: HostAggregates): number | undefined {
  const times = [...pools.map(({ lastRequest }) => lastRequest), ...(lastOther === undefined ? [] : [lastOther])];
  return times.length === 0 ? undefined : Math.max(...times);
}
