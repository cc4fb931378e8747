import { HOST_KEYS } from '../../src/demo/fleet/products.ts';
import type { FleetReport } from '../../src/demo/fleet/report.ts';
import { LICENSE_STATUSES } from '../../src/products/license-status.ts';
import type { HostReport, KeyReport } from '../../src/reports/types.ts';
import { hostReport } from '../support/host-snapshot.ts';

/** A simulated host's report, as the agent reads it. */
export function readReport(report: FleetReport): HostReport {
  return hostReport(Date.parse(report.time), { os: report.os, keys: report.products.map(readKey) });
}

function readKey(product: FleetReport['products'][number]): KeyReport {
  const activationId = String(product['ID']);
  const key = Object.values(HOST_KEYS).find(({ id }) => id === activationId);
  return {
    activationId,
    product: String(product['Name']),
    pool: key?.pool,
    partialKey: undefined,
    licenseStatus: LICENSE_STATUSES[Number(product['LicenseStatus'])],
    clients: value(product['KeyManagementServiceCurrentCount']),
    requiredClients: value(product['RequiredClientCount']),
    requests: value(product['KeyManagementServiceTotalRequests']),
    failedRequests: value(product['KeyManagementServiceFailedRequests']),
    requestsByLicenseStatus: {},
  };
}

function value(number: unknown): number | undefined {
  return typeof number === 'number' && number !== 0xffff_ffff ? number : undefined;
}
