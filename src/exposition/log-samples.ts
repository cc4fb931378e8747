import type { HostAggregates, PoolAggregates, RequestCount } from '../store/aggregates.ts';
import type { Sample, Source } from './metric.ts';

export function hostsOf({ records }: Source): readonly HostAggregates[] {
  return records.aggregates?.hosts ?? [];
}

export function* perHost(source: Source, value: (host: HostAggregates) => number | undefined): Generator<Sample> {
  for (const host of hostsOf(source)) {
    const number = value(host);
    if (number !== undefined) yield [[host.host], number];
  }
}

export function* perPool(
  source: Source,
  value: (pool: PoolAggregates, host: HostAggregates) => number | undefined,
): Generator<Sample> {
  for (const host of hostsOf(source)) {
    for (const pool of host.pools) {
      const number = value(pool, host);
      if (number !== undefined) yield [[host.host, pool.pool], number];
    }
  }
}

export function* perResult(counts: readonly RequestCount[] | undefined): Generator<Sample> {
  for (const { host, cls, result, count } of counts ?? []) yield [[host, cls, result], count];
}
