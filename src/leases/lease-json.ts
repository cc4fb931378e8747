import type { ExpiryBasis, LeaseClass, LeaseState, Pool } from './types.ts';

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
