import { DAY_S, HOUR_S, millis, seconds } from '../../src/kernel/time.ts';
import type { HostReport, KeyReport } from '../../src/reports/types.ts';

export const WINDOWS_KEY: KeyReport = {
  activationId: 'd3302022-0000-4000-8000-000000000000',
  product: 'Windows KMS host key [VOLUME_KMS_WS22]',
  pool: 'windows',
  partialKey: 'R2D2C',
  licenseStatus: 'licensed',
  clients: 50,
  requiredClients: 25,
  requests: 1000,
  failedRequests: 3,
  requestsByLicenseStatus: { unlicensed: 10, licensed: 900 },
};

export const OFFICE_KEY: KeyReport = {
  activationId: '70512334-47b4-44db-a233-be5ea33b914c',
  product: 'Office 2019 KMS host key',
  pool: 'office',
  partialKey: undefined,
  licenseStatus: 'notification',
  clients: undefined,
  requiredClients: 5,
  requests: 40,
  failedRequests: 0,
  requestsByLicenseStatus: { oob_grace: 40 },
};

/** @param time milliseconds since the epoch */
export function report(time: number, keys: readonly KeyReport[] = [WINDOWS_KEY]): HostReport {
  return {
    time: millis(time),
    os: 'Microsoft Windows Server 2022 Standard',
    version: '10.0.20348.1',
    listeningPort: 1688,
    dnsPublishing: true,
    lowPriority: false,
    activationInterval: seconds(2 * HOUR_S),
    renewalInterval: seconds(7 * DAY_S),
    keys,
  };
}
