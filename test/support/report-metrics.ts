import type { HostView } from '../../src/estate/view.ts';
import { METRIC_GROUPS } from '../../src/exposition/metrics-table.ts';
import { LICENSE_STATUSES } from '../../src/reports/types.ts';
import { labelText } from './promtool.ts';

type Row = readonly [labels: Readonly<Record<string, string>>, value: number];

/** Metrics of reports that rules read, for as long as the table has none of its own. */
const REPORT_METRICS: Readonly<Record<string, (host: HostView) => readonly Row[]>> = {
  kms_host_report_up: ({ report }) => (report?.up === undefined ? [] : [[{}, Number(report.up)]]),
  kms_host_dns_publishing: ({ report }) =>
    report?.fresh?.dnsPublishing === undefined ? [] : [[{}, Number(report.fresh.dnsPublishing)]],
  kms_host_requests_total: ({ report }) =>
    (report?.last?.keys ?? []).flatMap(({ activationId, product, requests }) =>
      requests === undefined ? [] : [[{ product, activation_id: activationId }, requests]],
    ),
  kms_host_license_status: ({ report }) =>
    (report?.fresh?.keys ?? []).flatMap(({ activationId, product, licenseStatus }) =>
      licenseStatus === undefined
        ? []
        : LICENSE_STATUSES.map((status) => [
            { product, activation_id: activationId, status },
            Number(status === licenseStatus),
          ]),
    ),
};

const TABLE = new Set(METRIC_GROUPS.flatMap(({ metrics }) => metrics.map(({ name }) => name)));

/** Lines for a page of metrics. */
export function reportLines(hosts: readonly HostView[]): readonly string[] {
  const missing = Object.entries(REPORT_METRICS).filter(([name]) => !TABLE.has(name));
  return missing.flatMap(([name, rows]) =>
    hosts.flatMap((host) =>
      rows(host).map(([labels, value]) => `${name}${labelText({ host: host.host, ...labels })} ${value}`),
    ),
  );
}
