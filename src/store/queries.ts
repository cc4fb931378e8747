import type { Seconds } from '../kernel/time.ts';
import type { ExpiryBasis, LeaseClass, LeaseState, Pool } from '../leases/types.ts';

/** Which leases, and in what order; every filter that is given must hold. */
export interface LeaseQuery {
  /** Without it, superseded and retired leases are left out. */
  readonly state?: LeaseState;
  /** Seconds: not yet expired, and ending within them. */
  readonly within?: Seconds;
  /** Product name or activation id, lower or upper case. */
  readonly product?: string;
  readonly cls?: LeaseClass;
  readonly host?: string;
  /** Part of the machine's name, lower or upper case. */
  readonly client?: string;
  /** `expiry` (the default, soonest first, leases without one last), `client`, `last_request` (newest first). */
  readonly sort?: LeaseSort;
  /** 1 to 1000, 100 by default. */
  readonly limit?: number;
  readonly cursor?: string;
}

export const LEASE_SORTS = ['expiry', 'client', 'last_request'] as const;
export type LeaseSort = (typeof LEASE_SORTS)[number];

/** A lease as the API, `kmswatch leases` and the pages show it. Times are RFC 3339 in UTC. */
export interface LeaseJson {
  readonly client: string;
  readonly client_id: string;
  readonly activation_id: string;
  readonly product: string;
  readonly class: LeaseClass;
  readonly pool: Pool | null;
  readonly host: string;
  readonly virtual: boolean;
  readonly first_request: string;
  readonly last_request: string;
  readonly last_result: string;
  readonly license_status: string;
  readonly expiry: string | null;
  readonly expiry_basis: ExpiryBasis | null;
  readonly confirmed_expiry: string | null;
  readonly presumed_expiry: string | null;
  readonly age_seconds: number | null;
  readonly remaining_seconds: number | null;
  readonly state: LeaseState;
  readonly retrying: boolean;
  readonly duplicate: boolean;
  readonly retired: boolean;
}

/** The fields of a lease in their order, as tables of it have them. */
export const LEASE_FIELDS = [
  'client',
  'client_id',
  'activation_id',
  'product',
  'class',
  'pool',
  'host',
  'virtual',
  'first_request',
  'last_request',
  'last_result',
  'license_status',
  'expiry',
  'expiry_basis',
  'confirmed_expiry',
  'presumed_expiry',
  'age_seconds',
  'remaining_seconds',
  'state',
  'retrying',
  'duplicate',
  'retired',
] as const satisfies readonly (keyof LeaseJson)[];

export interface LeasePage {
  readonly leases: readonly LeaseJson[];
  readonly next_cursor: string | null;
  /** For the page before this one, which the API does not offer; null on the first page. */
  readonly previous_cursor: string | null;
}

/** What the pages show of all leases that count, beside the aggregates. */
export interface LeaseOverview {
  /** Seconds since the epoch. */
  readonly asOf: Seconds;
  /** ends[n - 1]: leases that end within the n-th day from `asOf`. */
  readonly ends: readonly number[];
  /** The names of all products that were ever asked for, sorted. */
  readonly products: readonly string[];
}

/** The days ahead if nobody makes contact again. */
export interface Forecast {
  readonly asOf: Seconds;
  readonly days: number;
  /** Each host and class with something to tell: a census (and a request of the class in the last 30 days), or an end. */
  readonly hosts: readonly HostForecast[];
}

/** A host and class. */
export interface HostForecast {
  readonly host: string;
  readonly cls: LeaseClass;
  /** Null for class `unknown`. */
  readonly pool: Pool | null;
  /**
   * census[0] is now, census[n] is n days ahead. It is the pool's, as the host counts: `client` and `server` share one.
   * Null without a pool.
   */
  readonly census: readonly number[] | null;
  /** ends[n - 1]: leases that end within the n-th day, by host and class of their last request. */
  readonly ends: readonly number[];
}
