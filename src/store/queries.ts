import type { HostName } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import type { LeaseJson } from '../leases/lease-json.ts';
import type { LeaseClass, LeaseState, Pool } from '../leases/types.ts';

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
  readonly host?: HostName;
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

export interface LeasePage {
  readonly leases: readonly LeaseJson[];
  readonly next_cursor: string | null;
  /** For the page before this one, which the API does not offer; null on the first page. */
  readonly previous_cursor: string | null;
}

/** The figures of all counted leases that the pages show, beside the aggregates. */
export interface LeaseOverview {
  /** Seconds since the epoch. */
  readonly asOf: Seconds;
  /** ends[n - 1]: leases that end within the n-th day from `asOf`. */
  readonly ends: readonly number[];
  /** The names of all products that were ever asked for, sorted. */
  readonly products: readonly string[];
}

/** The question to a forecast. */
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
  readonly host: HostName;
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
