import {
  type Canonicalise,
  missingHosts,
  serversDisagree,
  unexpectedRecords,
  unionOfRecords,
} from '../discovery/drift.ts';
import type { SrvRecord } from '../discovery/types.ts';
import type { HostName } from '../kernel/host-name.ts';
import { hostsUp, upAndDown } from './hosts-up.ts';
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
  const records = published(union, lookups, canonicalise);
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
function published(
  records: readonly SrvRecord[],
  lookups: readonly LookupSnapshot[],
  canonicalise: Canonicalise,
): readonly PublishedRecord[] {
  const answered = lookups.filter(({ answer }) => answer !== undefined).length;
  const publishers = publishersOf(lookups, canonicalise);
  const byOwnName = new Map<string, PublishedRecord>();
  for (const { target, port, priority, weight } of records) {
    const host = canonicalise(target);
    const servers = [...(publishers.get(endpointKey(host, port)) ?? [])];
    const record = { host, target, port, priority, weight, servers, partial: servers.length < answered };
    byOwnName.set(`${endpointKey(host, port)} ${priority} ${weight}`, record);
  }
  return [...byOwnName.values()];
}

/** The servers that publish each host and port, whatever its priority and weight. */
function publishersOf(lookups: readonly LookupSnapshot[], canonicalise: Canonicalise): Map<string, Set<string>> {
  const publishers = new Map<string, Set<string>>();
  for (const { server, answer } of lookups) {
    for (const { target, port } of answer?.records ?? []) {
      const key = endpointKey(canonicalise(target), port);
      publishers.set(key, (publishers.get(key) ?? new Set()).add(server));
    }
  }
  return publishers;
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
): Pick<DomainSnapshot, 'hosts' | 'hostCount' | 'hostsUp' | 'hostsUnknown' | 'up' | 'down'> {
  if (!known) {
    return { hosts: [], hostCount: undefined, hostsUp: undefined, hostsUnknown: undefined, up: [], down: [] };
  }
  const published = new Set(records.map((record) => record.host));
  const ports = new Set(records.map((record) => endpointKey(record.host, record.port)));
  const hosts = new Set([...published, ...(expected ?? [])]);
  const theirs = endpoints.filter((endpoint) =>
    published.has(endpoint.host) ? ports.has(endpointKey(endpoint.host, endpoint.port)) : hosts.has(endpoint.host),
  );
  const { up, down } = upAndDown(theirs);
  return { hosts: [...hosts], hostCount: hosts.size, ...hostsUp(hosts, theirs), up: [...up], down: [...down] };
}
