import type { Lease, LeaseClass, Pool } from '../leases/types.ts';
import { CLASSES, groupNo } from './catalogue.ts';
import type { Contacts } from './lease-rows.ts';
import type { StoredRequest } from './records.ts';

/** Whether the last request of the lease tells all that this one of it would tell of its machine. */
export function standsFor({ last }: Lease, request: { readonly machine: string; readonly cls: LeaseClass }): boolean {
  return request.machine === last.machine && groupOf(request.cls) === groupOf(last.cls);
}

/** The last contacts of a lease's client, with those of these requests. */
export function contactsWith(
  before: Contacts | undefined,
  requests: readonly StoredRequest[],
  homeOf: (host: number, pool: Pool) => number,
): Contacts {
  const contacts = new Map(before);
  for (const { pool, hresult, hostNo, time } of requests) {
    if (pool === undefined || hresult !== 0) continue;
    const home = homeOf(hostNo, pool);
    contacts.set(home, Math.max(contacts.get(home) ?? time, time));
  }
  return contacts;
}

function groupOf(cls: LeaseClass): number {
  return groupNo(CLASSES.indexOf(cls));
}
