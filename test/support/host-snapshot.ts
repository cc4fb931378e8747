import type { EstateSnapshot, HostSnapshot } from '../../src/estate/snapshot.ts';
import type { HostReport, KeyReport } from '../../src/reports/types.ts';
import { report, WINDOWS_KEY } from './reports.ts';

/** The activation id of a KMS host key, as a report names it. */
export const HOST_KEY = 'b92e9980-b9d5-4821-9c94-140f632f6312';

export function keyReport(changes: Partial<KeyReport> = {}): KeyReport {
  const product = 'Windows Server 2022 host key';
  const counters = { failedRequests: 0, requestsByLicenseStatus: {} };
  return { ...WINDOWS_KEY, activationId: HOST_KEY, product, ...counters, ...changes };
}

export function hostReport(time: number, changes: Partial<HostReport> = {}): HostReport {
  return { ...report(time, [keyReport()]), ...changes };
}

/** The same estate, in which some hosts have said something of themselves, or are subscribed to. */
export function withHosts(
  snapshot: EstateSnapshot,
  changes: Readonly<Record<string, Partial<HostSnapshot>>>,
): EstateSnapshot {
  return { ...snapshot, hosts: snapshot.hosts.map((host) => ({ ...host, ...changes[host.host] })) };
}
