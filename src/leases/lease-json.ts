import { rfc3339OfSeconds, rfc3339OrNull, type Seconds } from '../kernel/time.ts';
import { resultOf } from '../products/activation-result.ts';
import { licenseStatusName } from '../products/license-status.ts';
import { ageOf, expiryOf } from './expiry.ts';
import { isRetrying } from './retrying.ts';
import { type Exclusion, stateOf } from './state.ts';
import type { ExpiryBasis, Lease, LeaseClass, LeaseSettings, LeaseState, Pool } from './types.ts';

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

/** A lease that can be shown. */
export interface ListedLease {
  readonly lease: Lease;
  readonly excluded: Exclusion;
  /** Its client id is used by several machines. */
  readonly duplicate: boolean;
}

/** What a lease is shown with. */
export interface LeaseContext {
  readonly now: Seconds;
  readonly settings: LeaseSettings;
  readonly catalogue: { nameOf(activationId: string): string };
  /** The activation interval of a host: of a fresh report, else as configured. */
  readonly interval: (host: string) => number;
}

export function leaseJson({ lease, excluded, duplicate }: ListedLease, context: LeaseContext): LeaseJson {
  const { now, settings, catalogue, interval } = context;
  const { last } = lease;
  const state = stateOf(lease, excluded, now, settings);
  const expiry = expiryOf(lease);
  return {
    client: last.machine,
    client_id: lease.clientId,
    activation_id: lease.activationId,
    product: catalogue.nameOf(lease.activationId),
    class: last.cls,
    pool: last.pool ?? null,
    host: last.host,
    virtual: last.virtual,
    first_request: rfc3339OfSeconds(lease.first),
    last_request: rfc3339OfSeconds(last.time),
    last_result: resultOf(last.hresult),
    license_status: licenseStatusName(last.status),
    expiry: rfc3339OrNull(expiry?.time),
    expiry_basis: expiry?.basis ?? null,
    confirmed_expiry: rfc3339OrNull(lease.confirmed),
    presumed_expiry: rfc3339OrNull(lease.presumed),
    age_seconds: expiry === undefined ? null : ageOf(expiry.time, now, settings.validity),
    remaining_seconds: expiry === undefined ? null : expiry.time - now,
    state,
    retrying: isRetrying(lease, state, now, interval(last.host)),
    duplicate,
    retired: excluded.retired,
  };
}
