import { knownLogs, logsRead } from '../estate/log-reading.ts';
import type { PoolAggregates } from '../store/aggregates.ts';
import { hostsOf, perHost, perPool, perResult } from './log-samples.ts';
import { flag, type Metric, type MetricsSnapshot, type Sample } from './metric.ts';

export const ACTIVATION_METRICS: readonly Metric[] = [
  {
    name: 'kms_host_activations_up',
    type: 'gauge',
    help: '1 if the log of the host is being read: by a subscription, or by records sent within activations.stale_after',
    labels: ['host'],
    samples: function* ({ estate, logs }) {
      for (const [host, isRead] of logsRead(estate, logs)) yield [[host], flag(isRead)];
    },
  },
  {
    name: 'kms_host_last_event_timestamp_seconds',
    type: 'gauge',
    help: 'Event time of the newest record of the log of the host',
    labels: ['host'],
    samples: (snapshot) => perHost(snapshot, (host) => host.lastEvent),
  },
  {
    name: 'kms_host_last_request_timestamp_seconds',
    type: 'gauge',
    help: 'Event time of the last activation request (12290)',
    labels: ['host', 'pool'],
    samples: (snapshot) => perPool(snapshot, (pool) => pool.lastRequest),
  },
  {
    name: 'kms_host_idle_limit_seconds',
    type: 'gauge',
    help: 'Silence after which the host counts as idle: 72 h, and four times its longest gap in the last 30 days',
    labels: ['host', 'pool'],
    samples: (snapshot) => perKnownPool(snapshot, (pool) => pool.idleLimit),
  },
  {
    name: 'kms_host_active_clients',
    type: 'gauge',
    help: 'Distinct client ids whose requests the host answered in the last 30 days: the count without its cap',
    labels: ['host', 'pool'],
    samples: (snapshot) => perKnownPool(snapshot, (pool) => pool.census),
  },
  {
    name: 'kms_activation_requests_total',
    type: 'counter',
    help: 'Activation requests (12290) as their records arrived, by result',
    labels: ['host', 'class', 'result'],
    samples: ({ logs }) => perResult(logs.aggregates?.requests),
  },
  {
    name: 'kms_requests_last_hour',
    type: 'gauge',
    help: 'Activation requests (12290) with an event time in the last hour',
    labels: ['host', 'class', 'result'],
    samples: ({ logs }) => perResult(logs.aggregates?.requestsLastHour),
  },
  {
    name: 'kms_products_refused',
    type: 'gauge',
    help: '1 for each product that had at least 2 requests in 24 h, all of which failed',
    labels: ['host', 'product'],
    samples: function* ({ logs }) {
      for (const { host, product } of logs.aggregates?.refused ?? []) yield [[host, product], 1];
    },
  },
  {
    name: 'kms_host_service_failure_timestamp_seconds',
    type: 'gauge',
    help: 'When the service last failed to start (12291, init) or to start its renewal timer (12292, timer)',
    labels: ['host', 'kind'],
    samples: function* (snapshot) {
      for (const { host, failures } of hostsOf(snapshot)) {
        for (const { kind, time } of failures) yield [[host, kind], time];
      }
    },
  },
  {
    name: 'kms_host_dns_publish_timestamp_seconds',
    type: 'gauge',
    help: 'When the host last failed (12293) and last managed (12294) to publish its SRV record in the domain',
    labels: ['host', 'domain', 'result'],
    samples: dnsPublish,
  },
  {
    name: 'kms_event_log_gaps_total',
    type: 'counter',
    help: 'Times that a subscription found records of the log overwritten before they were read',
    labels: ['host'],
    samples: gaps,
  },
  {
    name: 'kms_ingest_events_total',
    type: 'counter',
    help: 'Log records that were accepted, already known, ignored, or rejected',
    labels: ['source', 'result'],
    samples: function* ({ logs }) {
      for (const { source, result, count } of logs.aggregates?.ingest ?? []) yield [[source, result], count];
    },
  },
];

/** A subscription counts from 0, so that its first gap is a rise. */
function* gaps(snapshot: MetricsSnapshot): Generator<Sample> {
  const known = new Map(hostsOf(snapshot).map(({ host, gaps }) => [host, gaps]));
  for (const { host, subscription } of snapshot.estate.hosts) {
    if (subscription !== undefined && !known.has(host)) known.set(host, 0);
  }
  for (const [host, count] of known) yield [[host], count];
}

/** What rests on a log that was not heard from for too long is withdrawn. */
function perKnownPool(snapshot: MetricsSnapshot, value: (pool: PoolAggregates) => number): Generator<Sample> {
  const known = knownLogs(snapshot.estate, snapshot.logs);
  return perPool(snapshot, (pool, { host }) => (known.has(host) ? value(pool) : undefined));
}

function* dnsPublish(snapshot: MetricsSnapshot): Generator<Sample> {
  for (const { host, dnsPublish: published } of hostsOf(snapshot)) {
    for (const { domain, result, time } of published) yield [[host, domain, result], time];
  }
}
