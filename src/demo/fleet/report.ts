import { rfc3339OfSeconds, seconds } from '../../kernel/time.ts';
import { LICENSE_STATUS } from '../../products/license-status.ts';
import type { FleetHost } from './fleet-host.ts';
import { HOST_KEYS, type HostKeyName } from './products.ts';

/** What a host says of itself, with the names of the WMI properties. */
export interface FleetReport {
  /** RFC 3339 in UTC. */
  readonly time: string;
  readonly service: Readonly<Record<string, string | number | boolean>>;
  readonly products: readonly Readonly<Record<string, string | number | boolean>>[];
  readonly os: string;
}

/** How WMI prints "no value": -1, as an unsigned number. */
const NO_VALUE = 0xffff_ffff;

/** SL_E_VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED */
const NOT_ACTIVATED = 0xc004f041;

/** @param time not before the host's last act */
export function reportOf(host: FleetHost, time: number): FleetReport {
  const { plan } = host;
  return {
    time: rfc3339OfSeconds(seconds(time)),
    service: {
      Version: '10.0.20348.1',
      IsKeyManagementServiceMachine: 1,
      KeyManagementServiceListeningPort: 0,
      KeyManagementServiceDnsPublishing: true,
      KeyManagementServiceLowPriority: plan.priority > 0,
      KeyManagementServiceHostCaching: true,
      VLActivationInterval: 120,
      VLRenewalInterval: 10_080,
    },
    products: host.keysAt(time).map((name) => productOf(host, name, time)),
    os: 'Microsoft Windows Server 2022 Standard',
  };
}

function productOf(host: FleetHost, name: HostKeyName, time: number): FleetReport['products'][number] {
  const key = HOST_KEYS[name];
  const counters = host.counters.get(name);
  const byStatus = (status: number): number => counters?.byStatus[status] ?? 0;
  const isActivated = host.isActivated(time);
  return {
    ID: key.id,
    ApplicationID: key.applicationId,
    Name: key.name,
    Description: key.description,
    PartialProductKey: 'DEMO1',
    LicenseStatus: isActivated ? LICENSE_STATUS.licensed : LICENSE_STATUS.notification,
    LicenseStatusReason: isActivated ? 0 : NOT_ACTIVATED,
    GracePeriodRemaining: 0,
    IsKeyManagementServiceMachine: 1,
    KeyManagementServiceCurrentCount: host.countOf(name, time) ?? NO_VALUE,
    RequiredClientCount: host.requiredFor(name),
    KeyManagementServiceTotalRequests: counters?.total ?? 0,
    KeyManagementServiceFailedRequests: counters?.failed ?? 0,
    KeyManagementServiceUnlicensedRequests: byStatus(0),
    KeyManagementServiceLicensedRequests: byStatus(1),
    KeyManagementServiceOOBGraceRequests: byStatus(2),
    KeyManagementServiceOOTGraceRequests: byStatus(3),
    KeyManagementServiceNonGenuineGraceRequests: byStatus(4),
    KeyManagementServiceNotificationRequests: byStatus(5),
  };
}
