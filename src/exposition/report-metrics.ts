import { poolKeys, productCoverage } from '../estate/host-keys.ts';
import type { HostName } from '../kernel/host-name.ts';
import { inSeconds } from '../kernel/time.ts';
import { LICENSE_STATUSES } from '../products/license-status.ts';
import type { HostReport, KeyReport } from '../reports/types.ts';
import { flag, type Metric, type MetricsSnapshot, type Sample } from './metric.ts';

const KEY = ['host', 'product', 'activation_id'] as const;
const POOL_KEY = ['host', 'pool', 'product', 'activation_id'] as const;

export const REPORT_METRICS: readonly Metric[] = [
  {
    name: 'kms_host_report_up',
    type: 'gauge',
    help: '1 if the host last reported on itself as it should; only for hosts with a report in the configuration',
    labels: ['host'],
    samples: function* ({ estate }) {
      for (const { host, report } of estate.hosts) {
        if (report?.up !== undefined) yield [[host], flag(report.up)];
      }
    },
  },
  {
    name: 'kms_host_last_report_timestamp_seconds',
    type: 'gauge',
    help: 'When the newest report of the host was made, by its own clock',
    labels: ['host'],
    samples: function* (snapshot) {
      for (const { host, last } of reports(snapshot)) {
        if (last !== undefined) yield [[host], inSeconds(last.time)];
      }
    },
  },
  {
    name: 'kms_host_clients',
    type: 'gauge',
    help: 'Clients that the host reports it has counted, at most twice its threshold',
    labels: POOL_KEY,
    samples: (snapshot) => perFreshKey(snapshot, pooled, ({ clients }) => clients),
  },
  {
    name: 'kms_host_required_clients',
    type: 'gauge',
    help: 'Clients that the host reports it must count before it activates any',
    labels: POOL_KEY,
    samples: (snapshot) => perFreshKey(snapshot, pooled, ({ requiredClients }) => requiredClients),
  },
  {
    name: 'kms_host_key_info',
    type: 'gauge',
    help: 'KMS host keys that the newest report of the host names, with their last five characters; always 1',
    labels: [...POOL_KEY, 'partial_key'],
    samples: (snapshot) => perFreshKey(snapshot, keyed, () => 1),
  },
  {
    name: 'kms_host_key_missing',
    type: 'gauge',
    help: '1 if the host reports no KMS host key for a pool that it served in the last 30 days, or none at all',
    labels: ['host', 'pool'],
    samples: function* ({ estate, logs }) {
      for (const { host, pool, missing } of poolKeys(estate, logs)) yield [[host, pool], flag(missing)];
    },
  },
  {
    name: 'kms_product_covered',
    type: 'gauge',
    help: '1 if a key of the host covers a product that was asked for in the last 30 days; absent where it depends on the release',
    labels: ['host', 'product'],
    samples: function* ({ estate, logs }) {
      for (const { host, product, covered } of productCoverage(estate, logs)) yield [[host, product], flag(covered)];
    },
  },
  {
    name: 'kms_host_requests_total',
    type: 'counter',
    help: 'Requests that the host reports it has handled since it was installed',
    labels: KEY,
    samples: (snapshot) => perLastKey(snapshot, ({ requests }) => requests),
  },
  {
    name: 'kms_host_failed_requests_total',
    type: 'counter',
    help: 'Requests that the host reports as failed since it was installed, because its key does not support the product',
    labels: KEY,
    samples: (snapshot) => perLastKey(snapshot, ({ failedRequests }) => failedRequests),
  },
  {
    name: 'kms_host_requests_by_license_status_total',
    type: 'counter',
    help: "Requests that the host reports it has handled, by the client's licence status",
    labels: [...KEY, 'license_status'],
    samples: byLicenseStatus,
  },
  {
    name: 'kms_host_license_status',
    type: 'gauge',
    help: '1 for the licence status of the host key, and 0 for all others',
    labels: [...KEY, 'status'],
    samples: licenseStatus,
  },
  {
    name: 'kms_host_listening_port',
    type: 'gauge',
    help: 'Port that the host reports it listens on',
    labels: ['host'],
    samples: (snapshot) => perFresh(snapshot, ({ listeningPort }) => listeningPort),
  },
  {
    name: 'kms_host_dns_publishing',
    type: 'gauge',
    help: '1 if the host is set to publish its SRV record',
    labels: ['host'],
    samples: (snapshot) => perFresh(snapshot, ({ dnsPublishing }) => maybeFlag(dnsPublishing)),
  },
  {
    name: 'kms_host_low_priority',
    type: 'gauge',
    help: '1 if the service is set to run with low priority',
    labels: ['host'],
    samples: (snapshot) => perFresh(snapshot, ({ lowPriority }) => maybeFlag(lowPriority)),
  },
  {
    name: 'kms_host_activation_interval_seconds',
    type: 'gauge',
    help: 'Interval after which clients that are not activated ask again, as set by the host',
    labels: ['host'],
    samples: (snapshot) => perFresh(snapshot, ({ activationInterval }) => activationInterval),
  },
  {
    name: 'kms_host_renewal_interval_seconds',
    type: 'gauge',
    help: 'Interval after which activated clients renew, as set by the host',
    labels: ['host'],
    samples: (snapshot) => perFresh(snapshot, ({ renewalInterval }) => renewalInterval),
  },
  {
    name: 'kms_host_info',
    type: 'gauge',
    help: 'Version of the licensing service and name of the system of the host; always 1',
    labels: ['host', 'version', 'os'],
    samples: function* (snapshot) {
      for (const { host, fresh } of reports(snapshot)) {
        if (fresh !== undefined) yield [[host, fresh.version ?? '', fresh.os ?? ''], 1];
      }
    },
  },
];

interface Told {
  readonly host: HostName;
  readonly fresh: HostReport | undefined;
  readonly last: HostReport | undefined;
}

function* reports({ estate }: MetricsSnapshot): Iterable<Told> {
  for (const { host, report } of estate.hosts) {
    if (report !== undefined) yield { host, fresh: report.fresh, last: report.last };
  }
}

function* perFresh(snapshot: MetricsSnapshot, value: (report: HostReport) => number | undefined): Generator<Sample> {
  for (const { host, fresh } of reports(snapshot)) {
    const number = fresh && value(fresh);
    if (number !== undefined) yield [[host], number];
  }
}

function* perFreshKey(
  snapshot: MetricsSnapshot,
  labels: (host: HostName, key: KeyReport) => readonly string[],
  value: (key: KeyReport) => number | undefined,
): Generator<Sample> {
  for (const { host, fresh } of reports(snapshot)) {
    for (const key of fresh?.keys ?? []) {
      const number = value(key);
      if (number !== undefined) yield [labels(host, key), number];
    }
  }
}

/** Totals stay when the report is old. */
function* perLastKey(snapshot: MetricsSnapshot, value: (key: KeyReport) => number | undefined): Generator<Sample> {
  for (const { host, last } of reports(snapshot)) {
    for (const key of last?.keys ?? []) {
      const number = value(key);
      if (number !== undefined) yield [named(host, key), number];
    }
  }
}

function* byLicenseStatus(snapshot: MetricsSnapshot): Generator<Sample> {
  for (const { host, last } of reports(snapshot)) {
    for (const key of last?.keys ?? []) {
      for (const status of LICENSE_STATUSES) {
        const count = key.requestsByLicenseStatus[status];
        if (count !== undefined) yield [[...named(host, key), status], count];
      }
    }
  }
}

function* licenseStatus(snapshot: MetricsSnapshot): Generator<Sample> {
  for (const { host, fresh } of reports(snapshot)) {
    for (const key of fresh?.keys ?? []) {
      if (key.licenseStatus === undefined) continue;
      for (const status of LICENSE_STATUSES) yield [[...named(host, key), status], flag(key.licenseStatus === status)];
    }
  }
}

function named(host: HostName, { product, activationId }: KeyReport): readonly string[] {
  return [host, product, activationId];
}

function keyed(host: HostName, key: KeyReport): readonly string[] {
  return [...pooled(host, key), key.partialKey ?? ''];
}

function pooled(host: HostName, { pool, product, activationId }: KeyReport): readonly string[] {
  return [host, pool ?? '', product, activationId];
}

function maybeFlag(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : flag(value);
}
