import type { Seconds } from '../kernel/time.ts';
import type { ExpiryBasis, LeaseClass, LeaseState, Pool } from '../leases/types.ts';

/** Which leases, and in what order; every filter that is given must hold. */
export interface LeaseQuery {
  /** Without it, superseded and retired leases are left out. */
  readonly state?: LeaseState;
  /** Seconds: not yet expired, and ending within them. */
  readonly within?: Seconds;
  /** Seconds: whose last request is at least as long ago. */
  readonly silentFor?: Seconds;
  /** Activation id or name of a product, or a part of names that no product has alone; lower or upper case. */
  readonly product?: string;
  readonly cls?: LeaseClass;
  readonly host?: string;
  /** Whether its client id is shared by several machines. */
  readonly duplicate?: boolean;
  /** Part of the machine's name, lower or upper case. */
  readonly client?: string;
  /** `expiry` (the default, soonest first, leases without one last), `client`, `last_request` (newest first). */
  readonly sort?: LeaseSort;
  /** The other direction. */
  readonly reverse?: boolean;
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

/** A host answered for a product of unknown pool: whether that activated it nobody can tell. */
export function isUntold({ state, pool, last_result: result }: LeaseJson): boolean {
  return state === 'unactivated' && pool === null && result === 'ok';
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

/** What a forecast is asked for. */
export interface ForecastQuestion {
  readonly days: number;
  /** Names of machines that stop asking now, while all others go on; null: nobody asks any more. */
  readonly without: string | null;
}

/** The days ahead if nobody makes contact again, or if some machines do not. */
export interface Forecast {
  readonly asOf: Seconds;
  readonly days: number;
  /** The names of the machines that stop asking now, while all others go on; null: nobody asks any more. */
  readonly without: string | null;
  /** How many client ids that are. */
  readonly stopping: number | null;
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
  /** Null where the host does not serve the class, or its count is not known. */
  readonly count: number | null;
  readonly threshold: number | null;
  /** When the count falls below the threshold; null: it does not, or that is not known. */
  readonly breach: Seconds | null;
}
