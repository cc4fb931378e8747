import type { HostName } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import type { Renewals } from '../leases/stalled.ts';
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
  /** Those that are known by their reports alone: nothing is said of their logs. */
  readonly reporting: readonly HostAggregates[];
  /** Only classes that have a lease which is neither superseded nor retired. */
  readonly classes: readonly ClassAggregates[];
  /** The `series_limit` soonest to expire, soonest first. */
  readonly soonest: readonly SoonestLease[];
  /** Leases not yet expired beyond that limit. */
  readonly seriesDropped: number;
  /** A log or a list names a machine. */
  readonly hasMachines?: boolean;
  readonly machines: { readonly physical: number; readonly virtual: number };
  /** By host and class of the lease's last request; only what is not 0. */
  readonly retrying: readonly {
    readonly host: HostName;
    readonly cls: LeaseClass;
    readonly retrying: number;
    readonly long: number;
    /** Of `long`, those whose last request showed a clock too far off. */
    readonly skewed: number;
  }[];
  /** The move that `leases.migrating` is about; machines that still renew as before, and those that have moved. */
  readonly migration?:
    | {
        readonly to: string;
        readonly since: Seconds;
        readonly moved: number;
        readonly left: number;
        readonly isGuessed: boolean;
      }
    | undefined;
  /** Client ids that were shared by a request of the last 30 days, and the machines that use them. */
  readonly duplicateClientIds: number;
  readonly duplicateMachines: number;
  /** The first of them by name. */
  readonly duplicateNames: readonly string[];
  readonly unknownProducts: number;
  /** Leases deleted after `forget_after`, since the database was made. */
  readonly forgotten: number;
  /** Requests that a table calls Server or Office, and that the record shows to be a Windows client's. */
  readonly reclassified: number;
  /** `kms_activation_requests_total`, since the database was made. */
  readonly requests: readonly RequestCount[];
  /** `kms_requests_last_hour`. */
  readonly requestsLastHour: readonly RequestCount[];
  /** `kms_ingest_events_total`, since the database was made. */
  readonly ingest: readonly { readonly source: IngestSource; readonly result: IngestResult; readonly count: number }[];
  /** `kms_requests_failed_ratio`: without the products of `refused`; only where `FAILING_LEAST` failed. */
  readonly failedRatios: readonly {
    readonly host: HostName;
    readonly pool: Pool | 'none';
    readonly ratio: number;
    /** Every failure is a refusal because of the client's clock. */
    readonly isClock: boolean;
    /** What they failed with, the most frequent first. */
    readonly failures: readonly Pick<RequestCount, 'result' | 'count'>[];
  }[];
  /** `kms_products_refused`: those refused, by activation id. */
  readonly refused: readonly ({ readonly host: HostName; readonly cls: LeaseClass } & AskedProduct)[];
  /** Those asked for in the last 30 days, at any host. */
  readonly products: readonly AskedProduct[];
}

/** Seconds for which a count holds if nothing changes: ages are counted to the minute. */
const HOLDS = 60;

/** Whether what was counted still holds, if nothing has changed. A clock that was set back ends it too. */
export function holdsAt({ asOf }: Pick<Aggregates, 'asOf'>, now: Seconds): boolean {
  return now >= asOf && now < asOf + HOLDS;
}

export interface AskedProduct {
  readonly activationId: string;
  /** Its name, or the activation id when no table names it. */
  readonly product: string;
}

export const INGEST_SOURCES = ['http', 'winrm', 'import'] as const;
export const INGEST_RESULTS = ['accepted', 'duplicate', 'ignored', 'rejected'] as const;
export type IngestSource = (typeof INGEST_SOURCES)[number];
export type IngestResult = (typeof INGEST_RESULTS)[number];

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
  /** When a record of it last arrived in whatever way, a known one too. */
  readonly lastArrival: Seconds | undefined;
  /** When one was last sent by the host or a shipper, and not fetched or imported. */
  readonly lastPush?: Seconds | undefined;
  /** When a record of its history last came (`historyAfter`); undefined when it is known up to now. */
  readonly historyAt?: Seconds | undefined;
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
  /** Last request, of any result, for a product that is in no pool. */
  readonly lastOther?: Seconds | undefined;
  /** Where a fresh report says how many clients it counts, below its cap. */
  readonly counts: readonly OwnCountAggregates[];
  /** Only classes that it serves, and whose margin is known. */
  readonly margins: readonly MarginAggregates[];
  /** Classes that it serves, or may serve for all that is known, without a margin here: it may have enough clients. */
  readonly open: readonly ThresholdClass[];
  /** Machines whose newest request showed a clock more than 4 h off, and the names of some. */
  readonly skewed: number;
  readonly skewedNames: readonly string[];
}

export interface PoolAggregates {
  readonly pool: Pool;
  /** Last request of any result. */
  readonly lastRequest: Seconds;
  /** Seconds of silence after which the host is idle. */
  readonly idleLimit: Seconds;
  readonly census: number;
}

/** A host's own number of clients, with that of its log. */
export interface OwnCountAggregates {
  readonly pool: Pool;
  readonly own: number;
  readonly census: number;
  /** Both cannot be right. */
  readonly disagrees: boolean;
}

export interface MarginAggregates {
  readonly cls: ThresholdClass;
  readonly margin: number;
  /** Undefined: not known. */
  readonly breach: Seconds | undefined;
}

/** The finished tally of a class (`src/leases/tally.ts`), with what is derived from it. */
export interface ClassAggregates {
  readonly cls: LeaseClass;
  readonly tally: ClassTally;
  readonly tolerated: number;
  /** Renewals of its unexpired leases, by the host of their last request. */
  readonly renewals: readonly ({ readonly host: HostName } & Renewals)[];
  readonly isQuiet: boolean;
}

export interface SoonestLease {
  readonly client: string;
  readonly clientId: string;
  readonly product: string;
  readonly activationId: string;
  readonly cls: LeaseClass;
  readonly expiry: Seconds;
}
