import { domainMargins } from '../estate/domain-margins.ts';
import { heardHosts } from '../estate/log-reading.ts';
import { THRESHOLD_CLASSES } from '../estate/logs-snapshot.ts';
import type { ThresholdClass } from '../leases/types.ts';
import { hostsOf } from './log-samples.ts';
import type { Metric, MetricsSnapshot, Sample } from './metric.ts';

export const THRESHOLD_METRICS: readonly Metric[] = [
  {
    name: 'kms_activation_threshold',
    type: 'gauge',
    help: 'Clients that a host must count before it activates the class, as configured',
    labels: ['class'],
    samples: ({ logs }) => perClass(logs.thresholds),
  },
  {
    name: 'kms_threshold_warn_margin',
    type: 'gauge',
    help: 'Margin below which the class is near its threshold, as configured',
    labels: ['class'],
    samples: ({ logs }) => perClass(logs.warnMargins),
  },
  {
    name: 'kms_host_threshold_margin',
    type: 'gauge',
    help: 'Best known count of the host minus the threshold of the class, where the count is known',
    labels: ['host', 'class'],
    samples: hostMargins,
  },
  {
    name: 'kms_domain_threshold_margin',
    type: 'gauge',
    help: 'The largest margin among the hosts of the domain: below 0, no host can activate the class',
    labels: ['domain', 'class'],
    samples: function* (snapshot) {
      const hosts = heardHosts(snapshot.estate, snapshot.logs);
      for (const { domain, cls, margin } of domainMargins(snapshot.estate.domains, hosts)) {
        yield [[domain, cls], margin];
      }
    },
  },
  {
    name: 'kms_host_threshold_breach_timestamp_seconds',
    type: 'gauge',
    help: 'When the count falls below the threshold of the class if no more clients ask',
    labels: ['host', 'class'],
    samples: function* (snapshot) {
      for (const { host, margins } of hostsOf(snapshot)) {
        for (const { cls, breach } of margins) yield [[host, cls], breach];
      }
    },
  },
];

function* perClass(values: Readonly<Record<ThresholdClass, number>>): Generator<Sample> {
  for (const cls of THRESHOLD_CLASSES) yield [[cls], values[cls]];
}

function* hostMargins(snapshot: MetricsSnapshot): Generator<Sample> {
  for (const { host, margins } of heardHosts(snapshot.estate, snapshot.logs)) {
    for (const { cls, margin } of margins) yield [[host, cls], margin];
  }
}
