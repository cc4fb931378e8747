import type { EstateSnapshot, HostSnapshot } from '../../src/estate/snapshot.ts';
import type { HostReport, KeyReport } from '../../src/reports/types.ts';

/** The activation id of a KMS host key, as a report names it. */
export const HOST_KEY = 'b92e9980-b9d5-4821-9c94-140f632f6312';

export function keyReport(changes: Partial<KeyReport> = {}): KeyReport {
  return {
    activationId: HOST_KEY,
    product: 'Windows Server 2022 host key',
    pool: 'windows',
    licenseStatus: 'licensed',
    clients: 50,
    requiredClients: 25,
    requests: 1000,
    failedRequests: 0,
    requestsByLicenseStatus: {},
    ...changes,
  };
}

export function hostReport(time: number, changes: Partial<HostReport> = {}): HostReport {
  return {
    time,
    os: 'Microsoft Windows Server 2022 Standard',
    version: '10.0.20348.1',
    listeningPort: 1688,
    dnsPublishing: true,
    lowPriority: false,
    activationInterval: 7200,
    renewalInterval: 604_800,
    keys: [keyReport()],
    ...changes,
  };
}

/** The same estate, in which some hosts have said something of themselves, or are subscribed to. */
export function withHosts(
  snapshot: EstateSnapshot,
  changes: Readonly<Record<string, Partial<HostSnapshot>>>,
): EstateSnapshot {
  return { ...snapshot, hosts: snapshot.hosts.map((host) => ({ ...host, ...changes[host.host] })) };
}
