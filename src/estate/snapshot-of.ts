import type { Canonicalise } from '../discovery/drift.ts';
import type { Sighting } from '../discovery/types.ts';
import type { Endpoint } from '../kernel/address.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Millis } from '../kernel/time.ts';
import type { DirectoryState } from './directory-state.ts';
import { domainSnapshot } from './domain-snapshot.ts';
import type { EndpointStates } from './endpoint-states.ts';
import { hostsUp } from './hosts-up.ts';
import type { LookupStates } from './lookup-states.ts';
import type { ReportStates } from './report-states.ts';
import type { EstateSettings } from './settings.ts';
import type { DomainSnapshot, EndpointSnapshot, EstateSnapshot, HostSnapshot } from './snapshot.ts';
import type { SubscriptionStates } from './subscription-states.ts';

/** Its port is watched from elsewhere: it is neither up nor down. */
const NOT_PROBED = { isProbed: false, unknown: true } as const;

export interface SnapshotParts {
  readonly now: Millis;
  readonly settings: EstateSettings;
  readonly canonicalise: Canonicalise;
  readonly domains: LookupStates;
  readonly endpoints: EndpointStates;
  readonly reports: ReportStates;
  readonly subscriptions: SubscriptionStates;
  readonly directory: DirectoryState;
  /** Of the last 24 hours. */
  readonly sightings: readonly Sighting[];
  readonly targets: readonly Endpoint[];
  readonly isProbed: (host: HostName) => boolean;
}

export function snapshotOf(parts: SnapshotParts): EstateSnapshot {
  const { now, settings, canonicalise } = parts;
  const endpoints = parts.targets.map((target) => ({
    ...parts.endpoints.snapshot(target, now, settings.limits),
    ...(parts.isProbed(target.host) ? {} : NOT_PROBED),
  }));
  const domains = settings.domains.map((domain) => {
    const lookups = settings.servers.map((server) =>
      parts.domains.snapshot(domain.name, server, now, settings.limits.discovery),
    );
    return domainSnapshot(domain, lookups, parts.sightings, canonicalise, endpoints);
  });
  const hosts = hostSnapshots(parts, domains, endpoints);
  const directory = parts.directory.snapshot(settings.directory, now);
  return { at: now, domains, hosts, endpoints, directory, ...totals(domains, hosts, endpoints) };
}

function totals(
  domains: readonly DomainSnapshot[],
  hosts: readonly HostSnapshot[],
  endpoints: readonly EndpointSnapshot[],
): Pick<EstateSnapshot, 'hostCount' | 'hostsUp' | 'hostsUnknown'> {
  if (!domains.every((domain) => domain.known)) {
    return { hostCount: undefined, hostsUp: undefined, hostsUnknown: undefined };
  }
  const counted = new Set(hosts.filter((host) => host.expected || host.published === true).map((host) => host.host));
  return { hostCount: counted.size, ...hostsUp(counted, endpoints) };
}

function hostSnapshots(
  { settings, canonicalise, now, reports, subscriptions }: SnapshotParts,
  domains: readonly DomainSnapshot[],
  endpoints: readonly EndpointSnapshot[],
): readonly HostSnapshot[] {
  const published = new Set(domains.flatMap((domain) => domain.records.map((record) => record.host)));
  const expected = new Set([
    ...settings.hosts.map((host) => host.name),
    ...settings.domains.flatMap((domain) => domain.expectedHosts ?? []).map(canonicalise),
  ]);
  // What one domain does not publish, another that is not known may: then nobody can say.
  const absence = domains.length > 0 && domains.every((domain) => domain.known) ? false : undefined;
  const names = new Set(endpoints.map((endpoint) => endpoint.host));
  return [...names].map((host) => ({
    host,
    published: published.has(host) ? true : absence,
    expected: expected.has(host),
    report: reports.snapshot(host, now, settings.limits.reports),
    subscription: subscriptions.snapshot(host),
  }));
}
