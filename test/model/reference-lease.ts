import type { LeaseRequest } from '../../src/leases/types.ts';
import type { Fold } from './reference-fold.ts';

/** A lease with all that is known of it at one moment. */
export interface ReferenceLease extends Fold {
  readonly requests: readonly LeaseRequest[];
  readonly last: LeaseRequest;
  readonly expiry: number | undefined;
  readonly basis: 'confirmed' | 'presumed' | null;
  readonly remaining: number | undefined;
  readonly age: number | undefined;
  readonly state: string;
  readonly retrying: boolean;
  readonly runStart: number;
  readonly duplicate: boolean;
  readonly retired: boolean;
  readonly counted: boolean;
}
