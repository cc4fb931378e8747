import { domainHostsReady, domainMargins } from '../estate/domain-margins.ts';
import { heardHosts } from '../estate/log-reading.ts';
import { THRESHOLD_CLASSES } from '../estate/logs-snapshot.ts';
import type { ThresholdClass } from '../leases/types.ts';
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
    name: 'kms_host_count_disagrees',
    type: 'gauge',
    help: 'Whether the number of clients that a host reports, below its cap, and its log cannot both be right: 1 if so',
    labels: ['host', 'pool'],
    samples: function* (snapshot) {
      for (const { host, counts } of heardHosts(snapshot.estate, snapshot.logs)) {
        for (const { pool, disagrees } of counts) yield [[host, pool], disagrees ? 1 : 0];
      }
    },
  },
  {
    name: 'kms_domain_threshold_margin',
    type: 'gauge',
    help: 'The largest margin among the hosts of the domain that are not down: below 0, none of them can activate the class; absent while a host may have a larger one that is not known',
    labels: ['domain', 'class'],
    samples: function* ({ estate, logs }) {
      for (const { domain, cls, margin } of domainMargins(estate, logs)) yield [[domain, cls], margin];
    },
  },
  {
    name: 'kms_domain_hosts_ready',
    type: 'gauge',
    help: 'Hosts of the domain that could activate the class now: they are up, and have counted enough clients by themselves',
    labels: ['domain', 'class'],
    samples: function* ({ estate, logs }) {
      for (const { domain, cls, hosts } of domainHostsReady(estate, logs)) yield [[domain, cls], hosts];
    },
  },
  {
    name: 'kms_host_threshold_breach_timestamp_seconds',
    type: 'gauge',
    help: 'When the count falls below the threshold of the class if no more clients ask',
    labels: ['host', 'class'],
    samples: function* (snapshot) {
      for (const { host, margins } of heardHosts(snapshot.estate, snapshot.logs)) {
        for (const { cls, breach } of margins) if (breach !== undefined) yield [[host, cls], breach];
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
