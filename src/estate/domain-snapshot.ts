import {
  type Canonicalise,
  missingHosts,
  serversDisagree,
  unexpectedRecords,
  unionOfRecords,
} from '../discovery/drift.ts';
import type { Sighting, SrvRecord } from '../discovery/types.ts';
import type { Endpoint } from '../kernel/address.ts';
import type { HostName } from '../kernel/host-name.ts';
import { hostsUp, upAndDown } from './hosts-up.ts';
import type { WatchedDomain } from './settings.ts';
import { endpointKey } from './sightings.ts';
import type { DomainSnapshot, EndpointSnapshot, LookupSnapshot, PublishedRecord } from './snapshot.ts';

/** @param sightings those of the last 24 hours, of any domain */
export function domainSnapshot(
  domain: WatchedDomain,
  lookups: readonly LookupSnapshot[],
  sightings: readonly Sighting[],
  canonicalise: Canonicalise,
  endpoints: readonly EndpointSnapshot[],
): DomainSnapshot {
  const answers = lookups.flatMap((lookup) => (lookup.answer === undefined ? [] : [lookup.answer.records]));
  const known = answers.length > 0;
  const union = unionOfRecords(answers);
  const records = published(union, lookups, canonicalise);
  const expected = domain.expectedHosts;
  const own = sightings.filter((sighting) => sighting.domain === domain.name);
  const members = known ? records : own.map(({ target, port }) => ({ host: canonicalise(target), port }));
  return {
    name: domain.name,
    expectedHosts: expected,
    lookups,
    known,
    records,
    unexpected: expected === undefined ? [] : unexpectedEndpoints(expected, union, canonicalise),
    missing: known && expected !== undefined ? missingHosts(expected, union, canonicalise).map(canonicalise) : [],
    disagree: known ? serversDisagree(answers) : undefined,
    ...hostsOf(members, expected?.map(canonicalise), known, endpoints),
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
 * at any port of that host. Nobody knows how many they are while no name server answers.
 */
function hostsOf(
  published: readonly Endpoint[],
  expected: readonly HostName[] | undefined,
  known: boolean,
  endpoints: readonly EndpointSnapshot[],
): Pick<DomainSnapshot, 'hosts' | 'hostCount' | 'hostsUp' | 'hostsUnknown' | 'up' | 'down'> {
  const names = new Set(published.map(({ host }) => host));
  const ports = new Set(published.map(({ host, port }) => endpointKey(host, port)));
  const hosts = new Set([...names, ...(expected ?? [])]);
  const theirs = endpoints.filter((endpoint) =>
    names.has(endpoint.host) ? ports.has(endpointKey(endpoint.host, endpoint.port)) : hosts.has(endpoint.host),
  );
  const { up, down } = upAndDown(theirs);
  const counts = known
    ? { hostCount: hosts.size, ...hostsUp(hosts, theirs) }
    : { hostCount: undefined, hostsUp: undefined, hostsUnknown: undefined };
  return { hosts: [...hosts], ...counts, up: [...up], down: [...down] };
}
