import { LOOKUP_FAILURES } from '../discovery/types.ts';
import { endpointKey } from '../estate/sightings.ts';
import type { DomainSnapshot, LookupSnapshot, PublishedRecord } from '../estate/snapshot.ts';
import { flag, type Metric, type MetricsSnapshot, type Sample } from './metric.ts';

const LOOKUP = ['domain', 'server'] as const;

export const DNS_METRICS: readonly Metric[] = [
  {
    name: 'kms_dns_lookup_success',
    type: 'gauge',
    help: '1 if the last SRV lookup of the domain at the name server got an answer; an empty answer and NXDOMAIN count as answers',
    labels: LOOKUP,
    samples: (snapshot) => perLookup(snapshot, ({ last }) => last && flag(last.failure === undefined)),
  },
  {
    name: 'kms_dns_lookups_total',
    type: 'counter',
    help: 'SRV lookups of the domain at the name server, each counted once with its retries',
    labels: LOOKUP,
    samples: (snapshot) => perLookup(snapshot, ({ total }) => total),
  },
  {
    name: 'kms_dns_lookup_failures_total',
    type: 'counter',
    help: 'SRV lookups that got no answer, by reason',
    labels: [...LOOKUP, 'reason'],
    samples: lookupFailures,
  },
  {
    name: 'kms_dns_lookup_duration_seconds',
    type: 'gauge',
    help: 'Duration of the last SRV lookup, including retries',
    labels: LOOKUP,
    samples: (snapshot) => perLookup(snapshot, ({ last }) => last?.duration),
  },
  {
    name: 'kms_dns_lookups_duration_seconds',
    type: 'summary',
    help: 'Duration of all SRV lookups since the start, including retries',
    labels: LOOKUP,
    samples: function* (snapshot) {
      yield* perLookup(snapshot, ({ totalDuration }) => totalDuration, '_sum');
      yield* perLookup(snapshot, ({ total }) => total, '_count');
    },
  },
  {
    name: 'kms_dns_srv_records',
    type: 'gauge',
    help: 'Usable SRV records in the last answer of the name server',
    labels: LOOKUP,
    samples: (snapshot) => perLookup(snapshot, ({ answer }) => answer?.records.length),
  },
  {
    name: 'kms_dns_srv_ttl_seconds',
    type: 'gauge',
    help: 'Smallest TTL of the SRV records in the last answer',
    labels: LOOKUP,
    samples: (snapshot) => perLookup(snapshot, smallestTtl),
  },
  {
    name: 'kms_dns_srv_record_info',
    type: 'gauge',
    help: '1 for each SRV record that a name server of the domain publishes',
    labels: ['domain', 'host', 'port', 'priority', 'weight'],
    samples: (snapshot) =>
      perDomain(snapshot, (domain) =>
        domain.records.map(({ host, port, priority, weight }) => [`${host}`, `${port}`, `${priority}`, `${weight}`]),
      ),
  },
  {
    name: 'kms_dns_srv_record_partial',
    type: 'gauge',
    help: '1 for each published host and port that only some of the name servers have which answered',
    labels: ['domain', 'host', 'port'],
    samples: (snapshot) => perDomain(snapshot, partialRecords),
  },
  {
    name: 'kms_dns_srv_record_servers_info',
    type: 'gauge',
    help: '1 for each published host and port that only some of the name servers have which answered, with those that have it',
    labels: ['domain', 'host', 'port', 'servers'],
    samples: (snapshot) =>
      perDomain(snapshot, (domain) =>
        partialPlaces(domain).map(({ host, port, servers }) => [host, `${port}`, servers.toSorted().join(', ')]),
      ),
  },
  {
    name: 'kms_dns_srv_record_unexpected',
    type: 'gauge',
    help: '1 for each published record whose host is not an expected host of the domain',
    labels: ['domain', 'host', 'port'],
    samples: (snapshot) =>
      perDomain(snapshot, (domain) => domain.unexpected.map(({ host, port }) => [host, `${port}`])),
  },
  {
    name: 'kms_dns_srv_record_missing',
    type: 'gauge',
    help: '1 for each expected host of the domain that has no record',
    labels: ['domain', 'host'],
    samples: (snapshot) => perDomain(snapshot, (domain) => domain.missing.map((host) => [host])),
  },
  {
    name: 'kms_dns_servers_disagree',
    type: 'gauge',
    help: '1 if target, port, priority or weight differ between the name servers that answered',
    labels: ['domain'],
    samples: function* ({ estate }) {
      for (const { name, disagree } of estate.domains) {
        if (disagree !== undefined) yield [[name], flag(disagree)];
      }
    },
  },
];

function partialRecords(domain: DomainSnapshot): readonly (readonly string[])[] {
  return partialPlaces(domain).map(({ host, port }) => [host, `${port}`]);
}

function partialPlaces({ records }: DomainSnapshot): readonly PublishedRecord[] {
  const places = new Map(
    records.filter(({ partial }) => partial).map((record) => [endpointKey(record.host, record.port), record]),
  );
  return [...places.values()];
}

function smallestTtl({ answer }: LookupSnapshot): number | undefined {
  if (answer === undefined || answer.records.length === 0) return undefined;
  return Math.min(...answer.records.map((record) => record.ttl));
}

function* perLookup(
  { estate }: MetricsSnapshot,
  value: (lookup: LookupSnapshot) => number | undefined,
  suffix?: Sample[2],
): Generator<Sample> {
  for (const domain of estate.domains) {
    for (const lookup of domain.lookups) {
      const number = value(lookup);
      if (number !== undefined) yield [[domain.name, lookup.server], number, suffix];
    }
  }
}

function* lookupFailures({ estate }: MetricsSnapshot): Generator<Sample> {
  for (const domain of estate.domains) {
    for (const { server, failures } of domain.lookups) {
      for (const reason of LOOKUP_FAILURES) yield [[domain.name, server, reason], failures[reason]];
    }
  }
}

function* perDomain(
  { estate }: MetricsSnapshot,
  rows: (domain: DomainSnapshot) => readonly (readonly string[])[],
): Generator<Sample> {
  for (const domain of estate.domains) {
    for (const row of rows(domain)) yield [[domain.name, ...row], 1];
  }
}
