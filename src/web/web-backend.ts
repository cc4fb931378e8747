import type { OpenCondition } from '../conditions/condition.ts';
import type { SecretSource } from '../config/secrets.ts';
import type { WebSettings } from '../config/web-file/web-settings.ts';
import type { LogsSnapshot } from '../estate/logs-snapshot.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import type { MetricsFormat } from '../exposition/open-metrics.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Result } from '../kernel/result.ts';
import type { Seconds } from '../kernel/time.ts';
import type { LeaseSettings } from '../leases/types.ts';
import type { Links } from '../notify/links.ts';
import type { HostReport } from '../reports/types.ts';
import type { LeaseOverview } from '../store/queries.ts';
import type { StoreAccess, Stored } from '../store/store-types.ts';
import type { Credentials } from './auth/basic.ts';
import type { PasswordVerdict } from './auth/password-check.ts';
import type { LiveProbeContext } from './probe/live-probe-context.ts';
import type { PublicPaths } from './public-paths.ts';

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
  readonly canonicalise: (name: HostName) => HostName;
  /** Bytes of one request, after decompression. */
  readonly maxBody: number;
}

/** Why a report was not taken. `unknown_host`: that host is not asked about itself; `store`: it may be sent again. */
export interface ReportRefusal {
  readonly reason: 'unknown_host' | 'dated_ahead' | 'store';
  /** For its sender. */
  readonly text: string;
}

/** Who may ask, and for what; it may change between two requests. */
export interface Access {
  readonly settings: WebSettings;
  /** `web.pages`: whether there are pages, and who may see them and the names of machines; no users: everybody. */
  readonly pages: { readonly enabled: boolean; readonly users: readonly string[] };
  checkPassword(credentials: Credentials): Promise<PasswordVerdict>;
}

/** What the routes read, and the things that they may ask for. No route causes a poll; `/probe` alone looks live. */
export interface WebBackend {
  readonly version: string;
  access(): Access;
  /** Undefined before the first configuration. */
  liveProbe(): LiveProbeContext | undefined;
  /** Has counted what the logs come to by now; `metrics` and `logs` are then as of this moment. */
  count(): Promise<void>;
  /** The page of metrics, made as it is taken. @param machines whether it may have names of machines */
  metrics(machines: boolean, format: MetricsFormat): AsyncIterable<string>;
  estate(): EstateSnapshot;
  /** What the logs tell, and what judges it. */
  logs(): LogsSnapshot;
  /** The rules of leases as configured, in seconds. */
  leaseSettings(): LeaseSettings;
  /** Counted at each call. @param days ahead */
  overview(days: number): Stored<LeaseOverview>;
  /** What is wrong, the critical first; before the first rounds have ended, what was when the agent last ran. */
  conditions(): readonly OpenCondition[];
  /** Below which path others see the routes, and where the metrics are. */
  publicPaths(): PublicPaths;
  /** Where runbooks are, for readers of a condition elsewhere: as in notifications. */
  links(): Links;
  store(): StoreAccess;
  ingest(): IngestSettings;
  /** Who may send lists of machines, and the time by which they are judged. */
  inventory(): { readonly token: SecretSource | undefined; now(): Seconds };
  /** Reads the body of a report. @returns what is wrong with it, for its sender */
  readReport(octets: Uint8Array): Result<HostReport, string>;
  /** Takes what a host said of itself; a failure other than `dated_ahead` passes. */
  acceptReport(host: HostName, report: HostReport): Promise<Result<undefined, ReportRefusal>>;
  /** True once the first round of every loop has ended. */
  ready(): boolean;
  /** The effective configuration as YAML, secrets hidden. */
  configuration(): string;
  /** Reads the configuration file again; what is wrong with it otherwise. */
  reload(): Promise<Result<undefined, string>>;
}
