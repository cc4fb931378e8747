import { BY_NAME, isDuplicate } from '../../leases/duplicates.ts';
import { inferredOffice } from '../../leases/inferred-office.ts';
import type { StoredRequest } from '../history/records.ts';
import { sharingAmong } from './fold-lease.ts';
import type { State } from './state.ts';

/** The products that one client id shows to be Office. @param requests all of it, in order */
export function officeAmong(state: State, requests: readonly StoredRequest[]): ReadonlySet<string> {
  const isOpen = ({ activationId, nPolicy }: StoredRequest) => state.catalogue.isOpen(activationId, nPolicy);
  if (!requests.some(isOpen) || isDuplicate(sharingAmong(state, requests) ?? BY_NAME)) return new Set();
  return inferredOffice(
    requests.map((request) => ({
      activationId: request.activationId,
      cls: request.cls,
      isOpen: isOpen(request),
    })),
  );
}

/** Whether there is a product of no table at all. */
export function hasUnnamed({ names, catalogue }: State): boolean {
  for (const [, id] of names.products.entries()) if (!catalogue.isNamed(id)) return true;
  return false;
}
