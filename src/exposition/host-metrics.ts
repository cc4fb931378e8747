import type { EndpointSnapshot, HostSnapshot } from '../estate/snapshot.ts';
import { inSeconds } from '../kernel/time.ts';
import { PROBE_OUTCOMES, PROBE_PHASES } from '../probe/types.ts';
import { ENDPOINT, ESTATE_METRICS, labelsOf } from './estate-metrics.ts';
import { flag, type Metric, type MetricsSnapshot, type Sample } from './metric.ts';

export const HOST_METRICS: readonly Metric[] = [
  ...ESTATE_METRICS,
  {
    name: 'kms_host_up',
    type: 'gauge',
    help: '1 if at least one address accepted a bind to the KMS interface in the last probe; absent if nothing is known, because no name server answered for its name or the agent had too many open files',
    labels: ENDPOINT,
    samples: (snapshot) => perEndpoint(snapshot, ({ up }) => (up === undefined ? undefined : flag(up))),
  },
  {
    name: 'kms_host_addresses',
    type: 'gauge',
    help: 'Addresses of the host that the last probe tried',
    labels: ENDPOINT,
    samples: (snapshot) => perEndpoint(snapshot, ({ probe }) => probe?.addresses.length),
  },
  {
    name: 'kms_host_addresses_failing',
    type: 'gauge',
    help: 'Addresses of the host that did not accept a bind in the last probe',
    labels: ENDPOINT,
    samples: (snapshot) =>
      perEndpoint(snapshot, ({ probe }) => probe?.addresses.filter((address) => address.outcome !== 'ok').length),
  },
  {
    name: 'kms_host_probe_outcome',
    type: 'gauge',
    help: '1 for the outcome of the last probe (the best over the addresses), and 0 for all others',
    labels: [...ENDPOINT, 'outcome'],
    samples: probeOutcomes,
  },
  {
    name: 'kms_host_probe_duration_seconds',
    type: 'gauge',
    help: 'Duration of each phase of the last probe, at the best address',
    labels: [...ENDPOINT, 'phase'],
    samples: probeDurations,
  },
  {
    name: 'kms_host_probes_duration_seconds',
    type: 'summary',
    help: 'Duration of all probes since the start, at the best address',
    labels: ENDPOINT,
    samples: function* (snapshot) {
      yield* perEndpoint(snapshot, ({ totalDuration }) => totalDuration, '_sum');
      yield* perEndpoint(snapshot, ({ total }) => total, '_count');
    },
  },
  {
    name: 'kms_host_probes_total',
    type: 'counter',
    help: 'Probes of the host',
    labels: ENDPOINT,
    samples: (snapshot) => perEndpoint(snapshot, ({ total }) => total),
  },
  {
    name: 'kms_host_probe_failures_total',
    type: 'counter',
    help: 'Probes that did not find the host up, by outcome',
    labels: [...ENDPOINT, 'outcome'],
    samples: probeFailures,
  },
  {
    name: 'kms_host_genuine',
    type: 'gauge',
    help: '0 if the host also accepted a bind to a random interface, as emulators do, and 1 if it refused',
    labels: ENDPOINT,
    samples: (snapshot) => perEndpoint(snapshot, ({ genuine }) => (genuine === undefined ? undefined : flag(genuine))),
  },
  {
    name: 'kms_host_last_probe_timestamp_seconds',
    type: 'gauge',
    help: 'When the last probe of the host ended',
    labels: ENDPOINT,
    samples: (snapshot) =>
      perEndpoint(snapshot, ({ lastProbe }) => (lastProbe === undefined ? undefined : inSeconds(lastProbe))),
  },
  {
    name: 'kms_host_published',
    type: 'gauge',
    help: '1 if a watched domain publishes the host in DNS',
    labels: ['host'],
    samples: (snapshot) =>
      perHost(snapshot, ({ published }) => (published === undefined ? undefined : flag(published))),
  },
  {
    name: 'kms_host_expected',
    type: 'gauge',
    help: '1 if the host is configured, or expected in a domain',
    labels: ['host'],
    samples: (snapshot) => perHost(snapshot, ({ expected }) => flag(expected)),
  },
];

function* perHost({ estate }: MetricsSnapshot, value: (host: HostSnapshot) => number | undefined): Generator<Sample> {
  for (const host of estate.hosts) {
    const number = value(host);
    if (number !== undefined) yield [[host.host], number];
  }
}

function* perEndpoint(
  { estate }: MetricsSnapshot,
  value: (endpoint: EndpointSnapshot) => number | undefined,
  suffix?: Sample[2],
): Generator<Sample> {
  for (const endpoint of probed(estate)) {
    const number = value(endpoint);
    if (number !== undefined) yield [labelsOf(endpoint), number, suffix];
  }
}

function* probeOutcomes({ estate }: MetricsSnapshot): Generator<Sample> {
  for (const endpoint of estate.endpoints) {
    if (endpoint.probe === undefined) continue;
    for (const outcome of PROBE_OUTCOMES) {
      yield [[...labelsOf(endpoint), outcome], flag(endpoint.probe.outcome === outcome)];
    }
  }
}

function* probeDurations({ estate }: MetricsSnapshot): Generator<Sample> {
  for (const endpoint of estate.endpoints) {
    for (const phase of PROBE_PHASES) {
      const seconds = endpoint.probe?.phases[phase];
      if (seconds !== undefined) yield [[...labelsOf(endpoint), phase], seconds];
    }
  }
}

function* probeFailures({ estate }: MetricsSnapshot): Generator<Sample> {
  for (const endpoint of probed(estate)) {
    for (const outcome of PROBE_OUTCOMES) {
      if (outcome !== 'ok') yield [[...labelsOf(endpoint), outcome], endpoint.failures.get(outcome) ?? 0];
    }
  }
}

/** Nothing is said of the port of another. */
function probed({ endpoints }: MetricsSnapshot['estate']): readonly EndpointSnapshot[] {
  return endpoints.filter(({ isProbed }) => isProbed);
}
