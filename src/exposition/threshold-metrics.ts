import { heardHosts } from '../estate/log-reading.ts';
import { domainMargins, THRESHOLD_CLASSES } from '../estate/records.ts';
import type { ThresholdClass } from '../leases/types.ts';
import type { Metric, Sample, Source } from './metric.ts';
import { hostsOf } from './records-samples.ts';

export const THRESHOLD_METRICS: readonly Metric[] = [
  {
    name: 'kms_activation_threshold',
    type: 'gauge',
    help: 'Clients that a host must count before it activates the class, as configured',
    labels: ['class'],
    samples: ({ records }) => perClass(records.thresholds),
  },
  {
    name: 'kms_threshold_warn_margin',
    type: 'gauge',
    help: 'Margin below which the class is near its threshold, as configured',
    labels: ['class'],
    samples: ({ records }) => perClass(records.warnMargins),
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
    samples: function* (source) {
      const hosts = heardHosts(source.estate, source.records);
      for (const { domain, cls, margin } of domainMargins(source.estate.domains, hosts)) {
        yield [[domain, cls], margin];
      }
    },
  },
  {
    name: 'kms_host_threshold_breach_timestamp_seconds',
    type: 'gauge',
    help: 'When the count falls below the threshold of the class if no more clients ask',
    labels: ['host', 'class'],
    samples: function* (source) {
      for (const { host, margins } of hostsOf(source)) {
        for (const { cls, breach } of margins) yield [[host, cls], breach];
      }
    },
  },
];

function* perClass(values: Readonly<Record<ThresholdClass, number>>): Generator<Sample> {
  for (const cls of THRESHOLD_CLASSES) yield [[cls], values[cls]];
}

function* hostMargins(source: Source): Generator<Sample> {
  for (const { host, margins } of heardHosts(source.estate, source.records)) {
    for (const { cls, margin } of margins) yield [[host, cls], margin];
  }
}
