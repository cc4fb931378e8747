import { ACTIVATION_METRICS } from './activation-metrics.ts';
import { AGENT_METRICS } from './agent-metrics.ts';
import { DIRECTORY_METRICS } from './directory-metrics.ts';
import { DNS_METRICS } from './dns-metrics.ts';
import { HOST_METRICS } from './host-metrics.ts';
import { LEASE_METRICS } from './lease-metrics.ts';
import { MACHINE_METRICS } from './machine-metrics.ts';
import type { Metric } from './metric.ts';
import { REPORT_METRICS } from './report-metrics.ts';
import { THRESHOLD_METRICS } from './threshold-metrics.ts';

export interface MetricGroup {
  readonly title: string;
  readonly metrics: readonly Metric[];
}

/** Every metric of `/metrics`, apart from the process's and Node's own. */
export const METRIC_GROUPS: readonly MetricGroup[] = [
  { title: 'DNS', metrics: DNS_METRICS },
  { title: 'Reachability', metrics: HOST_METRICS },
  { title: 'Reports of hosts', metrics: REPORT_METRICS },
  { title: 'Logs of hosts', metrics: ACTIVATION_METRICS },
  { title: 'Counts against thresholds', metrics: THRESHOLD_METRICS },
  { title: 'Leases and clients', metrics: LEASE_METRICS },
  { title: 'Machines', metrics: MACHINE_METRICS },
  { title: 'The directory', metrics: DIRECTORY_METRICS },
  { title: 'The agent itself', metrics: AGENT_METRICS },
];
