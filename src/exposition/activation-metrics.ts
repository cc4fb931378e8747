import { hostsReading, knownLogs, logsRead } from '../estate/log-reading.ts';
import { serviceFailures } from '../estate/service-failed.ts';
import { RESULT_LABELS } from '../products/activation-result.ts';
import { INGEST_RESULTS, INGEST_SOURCES, type PoolAggregates, type RequestCount } from '../store/aggregates.ts';
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
    name: 'kms_host_activations_reading',
    type: 'gauge',
    help: '1 while the history of the log of the host is coming in: no record of the last hour has come yet',
    labels: ['host'],
    samples: function* ({ logs }) {
      const reading = hostsReading(logs);
      for (const { host } of logs.aggregates?.hosts ?? []) yield [[host], flag(reading.has(host))];
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
    help: 'Event time of the last activation request (12290); pool none: for products that are in neither pool',
    labels: ['host', 'pool'],
    samples: function* (snapshot) {
      yield* perPool(snapshot, (pool) => pool.lastRequest);
      for (const { host, lastOther } of hostsOf(snapshot))
        if (lastOther !== undefined) yield [[host, 'none'], lastOther];
    },
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
    samples: ({ logs }) => fromZero(logs.aggregates?.requests ?? []),
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
    help: '1 for each product that the keys of the host do not cover (0xC004F042): for 24 h, none of at least 2 requests, or of 2 clients, went well',
    labels: ['host', 'class', 'product'],
    samples: function* ({ logs }) {
      const refused = (logs.aggregates?.refused ?? []).map(({ host, cls, product }) => [host, cls, product] as const);
      for (const labels of new Map(refused.map((each) => [each.join('/'), each])).values()) yield [labels, 1];
    },
  },
  {
    name: 'kms_requests_failed_ratio',
    type: 'gauge',
    help: 'Share of requests of the last hour that failed, without products that are refused; absent for fewer than 5 failures',
    labels: ['host', 'pool'],
    samples: function* ({ logs }) {
      for (const { host, pool, ratio } of logs.aggregates?.failedRatios ?? []) yield [[host, pool], ratio];
    },
  },
  {
    name: 'kms_requests_failed_skewed',
    type: 'gauge',
    help: '1 where every failure of that share was a refusal for the clock of the client (0xC004F06C)',
    labels: ['host', 'pool'],
    samples: function* ({ agent, logs }) {
      if (agent.clock.isInDoubt) return;
      for (const { host, pool, isClock } of logs.aggregates?.failedRatios ?? []) if (isClock) yield [[host, pool], 1];
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
    name: 'kms_host_service_failed',
    type: 'gauge',
    help: '1 if the service failed (12291, 12292) and has shown no work since: no request, no record published, not up for 15 minutes',
    labels: ['host'],
    samples: function* (snapshot) {
      for (const [host, failed] of serviceFailures(snapshot.estate, hostsOf(snapshot)))
        yield [[host], flag(failed !== undefined)];
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
      const counts = new Map(
        (logs.aggregates?.ingest ?? []).map((each) => [`${each.source} ${each.result}`, each.count]),
      );
      for (const source of INGEST_SOURCES) {
        for (const result of INGEST_RESULTS) yield [[source, result], counts.get(`${source} ${result}`) ?? 0];
      }
    },
  },
];

/** Each result that a host and class can have is there from the start, so that the first of its kind is a rise. */
function* fromZero(counts: readonly RequestCount[]): Generator<Sample> {
  const byPair = Map.groupBy(counts, ({ host, cls }) => `${host} ${cls}`);
  for (const all of byPair.values()) {
    const [first] = all;
    if (first === undefined) continue;
    for (const result of RESULT_LABELS) {
      yield [[first.host, first.cls, result], all.find((each) => each.result === result)?.count ?? 0];
    }
  }
}

/** Each log that is to be read counts from 0, so that its first gap is a rise. */
function* gaps(snapshot: MetricsSnapshot): Generator<Sample> {
  const { estate, logs } = snapshot;
  const known = new Map(hostsOf(snapshot).map(({ host, gaps }) => [host, gaps]));
  const subscribed = estate.hosts.filter(({ subscription }) => subscription !== undefined).map(({ host }) => host);
  for (const host of [...subscribed, ...logsRead(estate, logs).keys()]) if (!known.has(host)) known.set(host, 0);
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
