import { rfc3339OfSeconds, type Seconds } from '../../kernel/time.ts';
import { ageOf, expiryOf } from '../../leases/expiry.ts';
import { isRetrying } from '../../leases/retrying.ts';
import { stateOf } from '../../leases/state.ts';
import type { LeaseSettings } from '../../leases/types.ts';
import { resultOf } from '../../products/activation-result.ts';
import { licenseStatusName } from '../../products/license-status.ts';
import type { Catalogue } from '../history/catalogue.ts';
import { RETIRED, SUPERSEDED } from '../leases/exclusion-bits.ts';
import type { LeaseJson } from '../queries.ts';
import type { StoredLease } from './read-lease.ts';
import { timeOrNull } from './times.ts';

/** What a lease is shown with. */
export interface LeaseContext {
  readonly now: Seconds;
  readonly settings: LeaseSettings;
  readonly catalogue: Catalogue;
  /** The activation interval of a host: of a fresh report, else as configured. */
  readonly interval: (host: string) => number;
}

export function leaseJson({ lease, exclusion, duplicate }: StoredLease, context: LeaseContext): LeaseJson {
  const { now, settings, catalogue, interval } = context;
  const { last } = lease;
  const retired = (exclusion & RETIRED) !== 0;
  const state = stateOf(lease, { retired, superseded: (exclusion & SUPERSEDED) !== 0 }, now, settings);
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
    expiry: timeOrNull(expiry?.time),
    expiry_basis: expiry?.basis ?? null,
    confirmed_expiry: timeOrNull(lease.confirmed),
    presumed_expiry: timeOrNull(lease.presumed),
    age_seconds: expiry === undefined ? null : ageOf(expiry.time, now, settings.validity),
    remaining_seconds: expiry === undefined ? null : expiry.time - now,
    state,
    retrying: isRetrying(lease, state, now, interval(last.host)),
    duplicate,
    retired,
  };
}
