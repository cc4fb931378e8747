import {
  type Canonicalise,
  missingHosts,
  serversDisagree,
  unexpectedRecords,
  unionOfRecords,
} from '../discovery/drift.ts';
import type { SrvRecord } from '../discovery/types.ts';
import type { HostName } from '../kernel/host-name.ts';
import { hostsUp } from './hosts-up.ts';
import type { WatchedDomain } from './settings.ts';
import { endpointKey } from './sightings.ts';
import type { DomainSnapshot, EndpointSnapshot, LookupSnapshot, PublishedRecord } from './snapshot.ts';

export function domainSnapshot(
  domain: WatchedDomain,
  lookups: readonly LookupSnapshot[],
  canonicalise: Canonicalise,
  endpoints: readonly EndpointSnapshot[],
): DomainSnapshot {
  const answers = lookups.flatMap((lookup) => (lookup.answer === undefined ? [] : [lookup.answer.records]));
  const known = answers.length > 0;
  const union = unionOfRecords(answers);
  const records = published(union, canonicalise);
  const expected = domain.expectedHosts;
  return {
    name: domain.name,
    expectedHosts: expected,
    lookups,
    known,
    records,
    unexpected: expected === undefined ? [] : unexpectedEndpoints(expected, union, canonicalise),
    missing: known && expected !== undefined ? missingHosts(expected, union, canonicalise).map(canonicalise) : [],
    disagree: known ? serversDisagree(answers) : undefined,
    ...countHosts(records, expected?.map(canonicalise), known, endpoints),
  };
}

/** The records by the hosts' own names; two names of one host may make two records one. */
function published(records: readonly SrvRecord[], canonicalise: Canonicalise): readonly PublishedRecord[] {
  const byOwnName = new Map<string, PublishedRecord>();
  for (const { target, port, priority, weight } of records) {
    const host = canonicalise(target);
    byOwnName.set(`${endpointKey(host, port)} ${priority} ${weight}`, { host, target, port, priority, weight });
  }
  return [...byOwnName.values()];
}

function unexpectedEndpoints(
  expected: readonly HostName[],
  records: readonly SrvRecord[],
  canonicalise: Canonicalise,
): DomainSnapshot['unexpected'] {
  const strangers = unexpectedRecords(expected, records, canonicalise).map(({ target, port }) => ({
    host: canonicalise(target),
    port,
  }));
  return [...new Map(strangers.map((stranger) => [endpointKey(stranger.host, stranger.port), stranger])).values()];
}

/**
 * A host counts as up in a domain at a port that the domain publishes; when it publishes none of an expected host,
 * at any port of that host.
 */
function countHosts(
  records: readonly PublishedRecord[],
  expected: readonly HostName[] | undefined,
  known: boolean,
  endpoints: readonly EndpointSnapshot[],
): Pick<DomainSnapshot, 'hosts' | 'hostCount' | 'hostsUp'> {
  if (!known) return { hosts: [], hostCount: undefined, hostsUp: undefined };
  const published = new Set(records.map((record) => record.host));
  const ports = new Set(records.map((record) => endpointKey(record.host, record.port)));
  const hosts = new Set([...published, ...(expected ?? [])]);
  const theirs = endpoints.filter((endpoint) =>
    published.has(endpoint.host) ? ports.has(endpointKey(endpoint.host, endpoint.port)) : hosts.has(endpoint.host),
  );
  return { hosts: [...hosts], hostCount: hosts.size, hostsUp: hostsUp(hosts, theirs) };
}
