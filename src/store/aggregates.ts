import type { HostName } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import type { ClassTally } from '../leases/tally.ts';
import type { LeaseClass, Pool, ThresholdClass } from '../leases/types.ts';

/**
 * Everything that `/metrics` says of records, as plain numbers: it costs the same at a hundred leases and at a million.
 * Times are whole seconds since the epoch. Lists are in no particular order unless they say so.
 */
export interface Aggregates {
  /** The moment that ages and windows are counted at; at most a minute ago. */
  readonly asOf: Seconds;
  readonly hosts: readonly HostAggregates[];
  /** Only classes that have a lease which is neither superseded nor retired. */
  readonly classes: readonly ClassAggregates[];
  /** The `series_limit` soonest to expire, soonest first. */
  readonly soonest: readonly SoonestLease[];
  /** Leases not yet expired beyond that limit. */
  readonly seriesDropped: number;
  readonly machines: { readonly physical: number; readonly virtual: number };
  /** By host and class of the lease's last request; only what is not 0. */
  readonly retrying: readonly {
    readonly host: HostName;
    readonly cls: LeaseClass;
    readonly retrying: number;
    readonly long: number;
  }[];
  readonly duplicateClientIds: number;
  readonly unknownProducts: number;
  /** Leases deleted after `forget_after`, since the database was made. */
  readonly forgotten: number;
  /** `kms_activation_requests_total`, since the database was made. */
  readonly requests: readonly RequestCount[];
  /** `kms_requests_last_hour`. */
  readonly requestsLastHour: readonly RequestCount[];
  /** `kms_ingest_events_total`, since the database was made. */
  readonly ingest: readonly { readonly source: IngestSource; readonly result: IngestResult; readonly count: number }[];
  /** `kms_products_refused`: those refused. */
  readonly refused: readonly { readonly host: HostName; readonly product: string }[];
}

/** Seconds for which a count holds if nothing changes: ages are counted to the minute. */
const HOLDS = 60;

/** Whether what was counted still holds, if nothing has changed. A clock that was set back ends it too. */
export function holdsAt({ asOf }: Aggregates, now: Seconds): boolean {
  return now >= asOf && now < asOf + HOLDS;
}

export type IngestSource = 'http' | 'winrm' | 'import';
export type IngestResult = 'accepted' | 'duplicate' | 'ignored' | 'rejected';

export interface RequestCount {
  readonly host: HostName;
  readonly cls: LeaseClass;
  /** `ok`, a name of `RESULT_NAMES`, or `other`. */
  readonly result: string;
  readonly count: number;
}

/** What the log of one host tells. */
export interface HostAggregates {
  readonly host: HostName;
  /** Event time of its newest and of its first record of any kind. */
  readonly lastEvent: Seconds | undefined;
  readonly firstRecord: Seconds | undefined;
  /** When a record of it last arrived by a subscription or a push, a known one too; not by an import. */
  readonly lastArrival: Seconds | undefined;
  /** When one was last sent by the host or a shipper, and not fetched or imported. */
  readonly lastPush?: Seconds | undefined;
  readonly gaps: number;
  readonly lastGap: Seconds | undefined;
  /** 12291 and 12292. */
  readonly failures: readonly { readonly kind: 'init' | 'timer'; readonly time: Seconds }[];
  /** 12293 and 12294. */
  readonly dnsPublish: readonly {
    readonly domain: HostName;
    readonly result: 'failure' | 'success';
    readonly time: Seconds;
  }[];
  readonly pools: readonly PoolAggregates[];
  /** Only classes whose margin is known. */
  readonly margins: readonly MarginAggregates[];
  /** Machines whose newest request showed a clock more than 4 h off. */
  readonly skewed: number;
}

export interface PoolAggregates {
  readonly pool: Pool;
  /** Last request of any result. */
  readonly lastRequest: Seconds;
  /** Seconds of silence after which the host is idle. */
  readonly idleLimit: Seconds;
  readonly census: number;
}

export interface MarginAggregates {
  readonly cls: ThresholdClass;
  readonly margin: number;
  readonly breach: Seconds;
}

/** The finished tally of a class (`src/leases/tally.ts`), with what is derived from it. */
export interface ClassAggregates {
  readonly cls: LeaseClass;
  readonly tally: ClassTally;
  readonly tolerated: number;
  readonly stalledRatio: number;
}

export interface SoonestLease {
  readonly client: string;
  readonly clientId: string;
  readonly product: string;
  readonly activationId: string;
  readonly cls: LeaseClass;
  readonly expiry: Seconds;
}
