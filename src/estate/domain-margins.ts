import type { HostName } from '../kernel/host-name.ts';
import type { ThresholdClass } from '../leases/types.ts';
import { poolOf } from '../products/product.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import { heardHosts } from './log-reading.ts';
import { type LogsSnapshot, THRESHOLD_CLASSES } from './logs-snapshot.ts';
import type { DomainSnapshot, EstateSnapshot } from './snapshot.ts';

export interface DomainMargin {
  readonly domain: HostName;
  readonly cls: ThresholdClass;
  readonly margin: number;
  /** The host that has it; of several, the first by its name. */
  readonly host: HostName;
}

export interface DomainReady {
  readonly domain: HostName;
  readonly cls: ThresholdClass;
  readonly hosts: number;
}

/**
 * The largest margin among the hosts of each domain that are not down: one host above the threshold is enough for all its
 * clients. A low one is not claimed while another such host may serve the class and has a margin that is not known.
 */
export function domainMargins(estate: EstateSnapshot, logs: LogsSnapshot): readonly DomainMargin[] {
  const heard = heardByName(estate, logs);
  return estate.domains.flatMap((domain) => {
    const down = new Set(domain.down);
    const able = domain.hosts.filter((host) => !down.has(host));
    return THRESHOLD_CLASSES.flatMap((cls) => {
      const known = able.flatMap((host) => marginsOf([host], cls, heard).map((margin) => ({ host, margin })));
      const [best] = known.toSorted((a, b) => b.margin - a.margin || (a.host < b.host ? -1 : 1));
      if (best === undefined) return [];
      const isLow = best.margin < logs.warnMargins[cls];
      if (isLow && able.some((host) => mayServe(host, cls, heard.get(host), logs))) return [];
      return [{ domain: domain.name, cls, ...best }];
    });
  });
}

/**
 * How many hosts of each domain are up and have enough clients by themselves to activate a class. Not there where no
 * count is known, nor where nothing is known of any port.
 */
export function domainHostsReady(estate: EstateSnapshot, logs: LogsSnapshot): readonly DomainReady[] {
  const heard = heardByName(estate, logs);
  return estate.domains.filter(isSeen).flatMap((domain) =>
    THRESHOLD_CLASSES.flatMap((cls) => {
      if (marginsOf(domain.hosts, cls, heard).length === 0) return [];
      const hosts = marginsOf(domain.up, cls, heard).filter((margin) => margin >= 0).length;
      return [{ domain: domain.name, cls, hosts }];
    }),
  );
}

/** What becomes of a class of a domain if a host that activates it dies. */
export interface Failover {
  readonly domain: HostName;
  readonly cls: ThresholdClass;
  readonly host: HostName;
  /** The other hosts of the domain that are not down, each with its margin; undefined where that is not known. */
  readonly others: readonly { readonly host: HostName; readonly margin: number | undefined }[];
}

/** For each domain and class, each host that can activate the class now: who is left without it. */
export function failovers(estate: EstateSnapshot, logs: LogsSnapshot): readonly Failover[] {
  const heard = heardByName(estate, logs);
  return estate.domains.flatMap(({ name: domain, hosts, down }) => {
    const able = hosts.filter((host) => !down.includes(host));
    return THRESHOLD_CLASSES.flatMap((cls) => {
      const known = able.map((host) => ({ host, margin: marginIfAsked(heard.get(host), cls, logs) }));
      return known
        .filter(({ host }) => marginsOf([host], cls, heard).some((margin) => margin >= 0))
        .map(({ host }) => ({ domain, cls, host, others: known.filter((other) => other.host !== host) }));
    });
  });
}

/** The margin of a class at a host, also if no machine of that class has asked it: what it has counted is of the whole pool. */
function marginIfAsked(
  host: HostAggregates | undefined,
  cls: ThresholdClass,
  { thresholds }: LogsSnapshot,
): number | undefined {
  if (host === undefined || host.open.includes(cls)) return undefined;
  const pool = poolOf(cls);
  const known = host.margins.find((each) => each.cls === cls) ?? host.margins.find((each) => poolOf(each.cls) === pool);
  if (known !== undefined) return known.margin + thresholds[known.cls] - thresholds[cls];
  return (host.pools.find((each) => each.pool === pool)?.census ?? 0) - thresholds[cls];
}

function isSeen({ up, down }: DomainSnapshot): boolean {
  return up.length > 0 || down.length > 0;
}

function heardByName(estate: EstateSnapshot, logs: LogsSnapshot): ReadonlyMap<HostName, HostAggregates> {
  return new Map(heardHosts(estate, logs).map((host) => [host.host, host]));
}

function marginsOf(
  hosts: readonly HostName[],
  cls: ThresholdClass,
  heard: ReadonlyMap<HostName, HostAggregates>,
): readonly number[] {
  return hosts.flatMap((host) =>
    (heard.get(host)?.margins ?? []).filter((each) => each.cls === cls).map(({ margin }) => margin),
  );
}

/** Whether a host may serve a class with a margin that is not known: of one that is not heard from, nothing is. */
function mayServe(host: HostName, cls: ThresholdClass, heard: HostAggregates | undefined, logs: LogsSnapshot): boolean {
  if (heard !== undefined) return heard.open.includes(cls);
  return logs.serves?.[host]?.includes(cls) ?? true;
}
