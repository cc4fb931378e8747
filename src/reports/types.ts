import type { Millis, Seconds } from '../kernel/time.ts';
import type { LicenseStatus } from '../products/license-status.ts';
import type { Pool } from '../products/product-class.ts';

/** What a host says of itself, whichever way it was asked. "No value" of WMI (-1, 4294967295) is undefined here. */
export interface HostReport {
  /** When it was made, by the host's clock: milliseconds since the epoch. */
  readonly time: Millis;
  readonly os: string | undefined;
  /** Of the licensing service (`SoftwareLicensingService.Version`). */
  readonly version: string | undefined;
  readonly listeningPort: number | undefined;
  readonly dnsPublishing: boolean | undefined;
  readonly lowPriority: boolean | undefined;
  /** Seconds, as the host tells its clients. */
  readonly activationInterval: Seconds | undefined;
  readonly renewalInterval: Seconds | undefined;
  /** Its KMS host keys. */
  readonly keys: readonly KeyReport[];
  /** The logs that were read for kmswatch, records or none; undefined: nothing is said of them. */
  readonly logs?: readonly ReadLog[] | undefined;
}

/** A log of a host that was read to its end, or as far as there was time. */
export interface ReadLog {
  readonly channel: string;
  /** Everything up to this record was read; 0 for a log without any. */
  readonly recordId: number;
}

/** The log that has an event for each activation request. */
export const REQUESTS_LOG = 'Key Management Service';

/** One KMS host key of a host (`SoftwareLicensingProduct`). */
export interface KeyReport {
  /** Lower case. */
  readonly activationId: string;
  /** A name that an administrator knows. */
  readonly product: string;
  readonly pool: Pool | undefined;
  /** Its last five characters, as `slmgr /dlv` shows them. */
  readonly partialKey: string | undefined;
  readonly licenseStatus: LicenseStatus | undefined;
  /** The count that the host keeps, capped at twice the threshold. */
  readonly clients: number | undefined;
  readonly requiredClients: number | undefined;
  /** The host's cumulative counters. */
  readonly requests: number | undefined;
  readonly failedRequests: number | undefined;
  readonly requestsByLicenseStatus: Readonly<Partial<Record<LicenseStatus, number>>>;
}

/** Why a host that was asked gave no report. `timeout`: it took all of its time; `unreadable`: what it gave is none. */
export interface ReportFailure {
  readonly reason: 'aborted' | 'timeout' | 'failed' | 'unreadable';
  /** For people; free of secrets. */
  readonly text: string;
}
