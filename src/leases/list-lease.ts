import type { HostName } from '../kernel/host-name.ts';
import { rfc3339OfSeconds, rfc3339OrNull, type Seconds } from '../kernel/time.ts';
import { resultOf } from '../products/activation-result.ts';
import { licenseStatusName } from '../products/license-status.ts';
import { ageOf, expiryOf } from './expiry.ts';
import type { LeaseJson } from './lease-json.ts';
import { isRetrying } from './retrying.ts';
import { type Exclusion, stateOf } from './state.ts';
import type { Lease, LeaseSettings } from './types.ts';

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
  readonly interval: (host: HostName) => number;
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
