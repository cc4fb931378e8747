import { domainsOfHosts, hostList, hostsOfEstate } from '../estate/host-domains.ts';
import type { DomainSnapshot, EndpointSnapshot } from '../estate/snapshot.ts';
import { watchedCount } from '../estate/watched.ts';
import type { Metric, MetricsSnapshot, Sample } from './metric.ts';

/** Labels of an endpoint, in the order of `labelsOf`. */
export const ENDPOINT = ['host', 'port'] as const;

/** Which hosts there are, and how many of them are up. */
export const ESTATE_METRICS: readonly Metric[] = [
  {
    name: 'kms_hosts',
    type: 'gauge',
    help: 'KMS hosts that are published, expected or configured',
    labels: [],
    samples: ({ estate }) => (estate.hostCount === undefined ? [] : [[[], estate.hostCount]]),
  },
  {
    name: 'kms_hosts_up',
    type: 'gauge',
    help: 'KMS hosts that are published, expected or configured, and up',
    labels: [],
    samples: ({ estate }) => (estate.hostsUp === undefined ? [] : [[[], estate.hostsUp]]),
  },
  {
    name: 'kms_hosts_unknown',
    type: 'gauge',
    help: 'KMS hosts that are published, expected or configured, and of which nothing is known: they are neither up nor down',
    labels: [],
    samples: ({ estate }) => (estate.hostsUnknown === undefined ? [] : [[[], estate.hostsUnknown]]),
  },
  {
    name: 'kms_domain_hosts',
    type: 'gauge',
    help: 'KMS hosts that are published or expected in the domain',
    labels: ['domain'],
    samples: (snapshot) => perDomain(snapshot, (domain) => domain.hostCount),
  },
  {
    name: 'kms_domain_hosts_up',
    type: 'gauge',
    help: 'KMS hosts that are published or expected in the domain, and up',
    labels: ['domain'],
    samples: (snapshot) => perDomain(snapshot, (domain) => domain.hostsUp),
  },
  {
    name: 'kms_domain_hosts_unknown',
    type: 'gauge',
    help: 'KMS hosts that are published or expected in the domain, and of which nothing is known: they are neither up nor down',
    labels: ['domain'],
    samples: (snapshot) => perDomain(snapshot, (domain) => domain.hostsUnknown),
  },
  {
    name: 'kms_watched',
    type: 'gauge',
    help: 'Domains, hosts, and hosts that are known from their logs alone: at 0, nothing is watched',
    labels: [],
    samples: ({ estate, logs }) => {
      const count = watchedCount(estate, logs);
      return count === undefined ? [] : [[[], count]];
    },
  },
  {
    name: 'kms_domain_host_info',
    type: 'gauge',
    help: '1 for each domain that publishes or expects a host, as last known if no name server answers; a host of no domain has one with an empty domain',
    labels: ['domain', 'host'],
    samples: function* ({ estate, logs }) {
      for (const [host, domains] of domainsOfHosts(estate, logs)) {
        for (const domain of domains.length === 0 ? [''] : domains) yield [[domain, host], 1];
      }
    },
  },
  {
    name: 'kms_domain_endpoint_info',
    type: 'gauge',
    help: '1 for each domain of a host, as kms_domain_host_info, and each port at which the host is probed',
    labels: ['domain', ...ENDPOINT],
    samples: function* ({ estate, logs }) {
      const domains = domainsOfHosts(estate, logs);
      for (const endpoint of estate.endpoints) {
        const own = domains.get(endpoint.host) ?? [];
        for (const domain of own.length === 0 ? [''] : own) yield [[domain, ...labelsOf(endpoint)], 1];
      }
    },
  },
  {
    name: 'kms_estate_hosts_info',
    type: 'gauge',
    help: '1, with the sorted list of the hosts of a domain, and without a domain of all hosts that are published, expected or configured',
    labels: ['domain', 'hosts'],
    samples: function* ({ estate }) {
      for (const { name, hosts, hostCount } of estate.domains) {
        if (hostCount !== undefined) yield [[name, hostList(hosts)], 1];
      }
      const all = hostsOfEstate(estate);
      if (all !== undefined) yield [['', hostList(all)], 1];
    },
  },
];

function* perDomain(
  { estate }: MetricsSnapshot,
  value: (domain: DomainSnapshot) => number | undefined,
): Generator<Sample> {
  for (const domain of estate.domains) {
    const number = value(domain);
    if (number !== undefined) yield [[domain.name], number];
  }
}

export function labelsOf(endpoint: EndpointSnapshot): readonly [string, string] {
  return [endpoint.host, String(endpoint.port)];
}
