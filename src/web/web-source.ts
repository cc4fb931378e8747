import type { OpenCondition } from '../conditions/condition.ts';
import type { SecretSource } from '../config/secrets.ts';
import type { RecordsView } from '../estate/records.ts';
import type { EstateView } from '../estate/view.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Result } from '../kernel/result.ts';
import type { LeaseSettings } from '../leases/types.ts';
import type { HostReport } from '../reports/types.ts';
import type { LeaseOverview } from '../store/queries.ts';
import type { StoreAccess, Stored } from '../store/store-types.ts';

/** A host that sends its own report and its own log records. */
export interface PushHost {
  readonly host: HostName;
  readonly token: SecretSource;
}

/** How log records and reports are taken in. */
export interface IngestSettings {
  /** Of shippers, which may send for every host. Undefined: there are none. */
  readonly token: SecretSource | undefined;
  readonly pushes: readonly PushHost[];
  /** Gives the one name of a host that has several. */
  readonly fold: (name: HostName) => HostName;
  /** Octets of one request, after decompression. */
  readonly maxBody: number;
}

/** Why a report was not taken. */
export interface ReportRefused {
  readonly reason: 'unknown_host' | 'dated_ahead' | 'store';
  readonly text: string;
}

/** What the routes read, and the one thing that they may ask for. No route causes a poll. */
export interface WebSource {
  readonly version: string;
  /** The whole page of metrics. */
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>;
  estate(): EstateView;
  /** What the logs tell, and what judges it. */
  records(): RecordsView;
  /** The rules of leases as configured, in seconds. */
  leaseSettings(): LeaseSettings;
  /** Counted anew at each call. @param days ahead */
  overview(days: number): Stored<LeaseOverview>;
  /** What is wrong, the critical first; before the first rounds have ended, what was when the agent last ran. */
  conditions(): readonly OpenCondition[];
  store(): StoreAccess;
  ingest(): IngestSettings;
  /** Reads the body of a report. @returns what is wrong with it, for whoever sent it */
  readReport(octets: Uint8Array): Result<HostReport, string>;
  /** Takes what a host said of itself; a failure other than `dated_ahead` passes. */
  takeReport(host: HostName, report: HostReport): Promise<Result<undefined, ReportRefused>>;
  /** True once the first round of every loop has ended. */
  ready(): boolean;
  /** The effective configuration as YAML, secrets hidden. */
  configuration(): string;
  /** Reads the configuration file again; what is wrong with it otherwise. */
  reload(): Promise<Result<undefined, string>>;
}
