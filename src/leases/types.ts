import type { Tolerance } from '../config/sections/leases.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import type { KnownClass, Pool, ProductClass } from '../products/product-class.ts';

export type { Pool };

/** What a product is to a KMS host; `unknown` when no table names it and its N-policy does not tell. */
export type LeaseClass = ProductClass;
export const LEASE_CLASSES = ['client', 'server', 'office', 'unknown'] as const satisfies readonly LeaseClass[];

/** The order of all records: by time, then host, log and record id. */
export interface RecordKey {
  /** `TimeCreated` on the host, whole seconds since the epoch. */
  readonly time: Seconds;
  /** Lower case, aliases folded. */
  readonly host: HostName;
  readonly log: string;
  readonly recordId: number;
}

/** One activation request as event 12290 tells it, with what is known of its product. */
export interface LeaseRequest extends RecordKey {
  /** The machine's one name, lower case: its FQDN if one is known (`machinesBehind`). */
  readonly machine: string;
  readonly clientId: string;
  readonly activationId: string;
  readonly cls: LeaseClass;
  /** Undefined for class `unknown`. */
  readonly pool: Pool | undefined;
  /** The count below which this client does not activate: 25 or 5. */
  readonly nPolicy: number;
  /** 0: the host answered. */
  readonly hresult: number;
  /** Licence status before the request, 0 to 6; 1 is licensed. */
  readonly status: number;
  /** Minutes until that status ends. */
  readonly minutes: number;
  readonly virtual: boolean;
  /** The client's own clock, seconds since the epoch, to the minute. */
  readonly clientTime: Seconds | undefined;
}

/** What a client says of its licence for a product, in a request or to a script that collects it. */
export type SelfReport = Pick<LeaseRequest, 'machine' | 'time' | 'status' | 'minutes'>;

/** The lease's last request with HRESULT 0 that was not a repeat: what the next request bears witness to. */
export interface Renewal {
  readonly time: Seconds;
  readonly machine: string;
  /** It led to a presumption, which would reach to `time` + validity. */
  readonly presumed: boolean;
}

/** What is known of one client id and one activation id: the fold of its requests in order. Plain data. */
export interface Lease {
  readonly clientId: string;
  readonly activationId: string;
  /** Time of its first request of any result. */
  readonly first: Seconds;
  /** The client's own word on when its activation ends. */
  readonly confirmed: Seconds | undefined;
  /** When it ends if the last renewal took. */
  readonly presumed: Seconds | undefined;
  /** The last renewal is known not to have taken. */
  readonly doubt: boolean;
  readonly renewal: Renewal | undefined;
  readonly last: LeaseRequest;
  /** Time of the request before the last. */
  readonly previous: Seconds | undefined;
  /** Time since which no two requests in a row are more than two activation intervals (as configured) apart. */
  readonly runStart: Seconds;
  /** Requests that said "licensed" with no time left, or with more than 180 days. */
  readonly anomalies: number;
  /** How many of the last three requests said so in a row, 0 to 3. */
  readonly anomaliesInRow: number;
  /** Some request did not say so. */
  readonly wasPlausible: boolean;
}

/** Whose word an expiry rests on: the client's, or the host's answer to it. */
export type ExpiryBasis = 'confirmed' | 'presumed';

/** The states whose leases count: retired and superseded ones are in no number and no condition. */
export const COUNTED_STATES = [
  'other_license',
  'unactivated',
  'expired',
  'expiring',
  'renewal_failing',
  'renewal_overdue',
  'valid',
] as const;

export const LEASE_STATES = ['retired', 'superseded', ...COUNTED_STATES] as const;

export type CountedState = (typeof COUNTED_STATES)[number];

export type LeaseState = (typeof LEASE_STATES)[number];

/** From `from`, up to but not including `until`; seconds since the epoch, or infinite. */
export interface Interval {
  readonly from: number;
  readonly until: number;
}

/** A move of the fleet, as it is configured. */
export interface Migrating {
  /** `directory`, or the name of the new host. */
  readonly to: string;
  readonly since: Seconds;
}

/** The `leases` section of the configuration in seconds. */
export interface LeaseSettings {
  readonly validity: Seconds;
  readonly renewalInterval: Seconds;
  readonly activationInterval: Seconds;
  readonly warn: Seconds;
  readonly critical: Seconds;
  readonly forgetAfter: Seconds;
  readonly tolerate: Tolerance;
  readonly quietPeriods: readonly Interval[];
  /** Names of desktops that live for a session, `*` for any characters: they do not make a client id a duplicate. */
  readonly ephemeral: readonly string[];
  /** Undefined: nobody moves. */
  readonly migrating?: Migrating | undefined;
}

/** The classes that have a threshold. */
export type ThresholdClass = KnownClass;
