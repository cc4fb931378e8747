import type { LeaseClass } from './types.ts';

/** One use of a client id, as far as it tells what a product is. */
export interface ProductRequest {
  readonly activationId: string;
  readonly cls: LeaseClass;
  /** No table names it, and it needs 5: Server or Office. */
  readonly isOpen: boolean;
}

/**
 * The products that a client id shows to be Office: it asked for one, later for a Windows lease, and later for the first
 * again. A machine has one Windows, so the other is Office; one that was upgraded in place does not go on with both.
 * @param requests of one client id that is no duplicate, in order of records
 */
export function inferredOffice(requests: Iterable<ProductRequest>): ReadonlySet<string> {
  const office = new Set<string>();
  /** Whether Windows was asked for since. */
  const asked = new Map<string, boolean>();
  for (const { activationId, cls, isOpen } of requests) {
    if (isOpen && asked.get(activationId) === true) office.add(activationId);
    else if (isOpen) asked.set(activationId, false);
    else if (cls === 'client' || cls === 'server') noteWindows(asked, activationId);
  }
  return office;
}

function noteWindows(asked: Map<string, boolean>, windows: string): void {
  for (const id of asked.keys()) if (id !== windows) asked.set(id, true);
}
