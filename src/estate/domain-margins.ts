import type { HostName } from '../kernel/host-name.ts';
import type { ThresholdClass } from '../leases/types.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import { THRESHOLD_CLASSES } from './logs-snapshot.ts';
import type { DomainSnapshot } from './snapshot.ts';

export interface DomainMargin {
  readonly domain: HostName;
  readonly cls: ThresholdClass;
  readonly margin: number;
}

/** The largest margin among the hosts of each domain: one host above the threshold is enough for all its clients. */
export function domainMargins(
  domains: readonly DomainSnapshot[],
  hosts: readonly HostAggregates[],
): readonly DomainMargin[] {
  return domains.flatMap((domain) => {
    const names = new Set(domain.hosts);
    const margins = hosts.filter(({ host }) => names.has(host)).flatMap((host) => host.margins);
    return THRESHOLD_CLASSES.flatMap((cls) => {
      const known = margins.filter((margin) => margin.cls === cls).map(({ margin }) => margin);
      return known.length === 0 ? [] : [{ domain: domain.name, cls, margin: Math.max(...known) }];
    });
  });
}
