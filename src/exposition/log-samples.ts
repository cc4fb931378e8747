import type { HostAggregates, PoolAggregates, RequestCount } from '../store/aggregates.ts';
import type { MetricsSnapshot, Sample } from './metric.ts';

export function hostsOf({ logs }: MetricsSnapshot): readonly HostAggregates[] {
  return logs.aggregates?.hosts ?? [];
}

export function* perHost(
  snapshot: MetricsSnapshot,
  value: (host: HostAggregates) => number | undefined,
): Generator<Sample> {
  for (const host of hostsOf(snapshot)) {
    const number = value(host);
    if (number !== undefined) yield [[host.host], number];
  }
}

export function* perPool(
  snapshot: MetricsSnapshot,
  value: (pool: PoolAggregates, host: HostAggregates) => number | undefined,
): Generator<Sample> {
  for (const host of hostsOf(snapshot)) {
    for (const pool of host.pools) {
      const number = value(pool, host);
      if (number !== undefined) yield [[host.host, pool.pool], number];
    }
  }
}

export function* perResult(counts: readonly RequestCount[] | undefined): Generator<Sample> {
  for (const { host, cls, result, count } of counts ?? []) yield [[host, cls, result], count];
}
