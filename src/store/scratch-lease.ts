import type { Lease, LeaseRequest } from '../leases/types.ts';
import { poolOf } from '../products/product.ts';
import { classOf } from './catalogue.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export type ScratchLease = Mutable<Omit<Lease, 'last'>> & { readonly last: Mutable<LeaseRequest> };

/** A lease to be filled in again and again with what the rules of states need of another one. */
export function scratchLease(): ScratchLease {
  const cls = classOf(3);
  return {
    clientId: '',
    activationId: '',
    first: 0,
    confirmed: undefined,
    presumed: undefined,
    doubt: false,
    renewal: undefined,
    previous: undefined,
    runStart: 0,
    anomalies: 0,
    last: {
      time: 0,
      host: '',
      log: 'kms',
      recordId: 0,
      machine: '',
      clientId: '',
      activationId: '',
      cls,
      pool: poolOf(cls),
      nPolicy: 0,
      hresult: 0,
      status: 0,
      minutes: 0,
      virtual: false,
      clientTime: undefined,
    },
  };
}
