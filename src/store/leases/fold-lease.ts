import { foldRequest, type LeaseBefore } from '../../leases/fold.ts';
import { bestCount } from '../../leases/reported.ts';
import type { Lease } from '../../leases/types.ts';
import type { StoredRequest } from '../history/records.ts';
import type { State } from './state.ts';

/** Takes requests into a lease, in their order, with the counts of their hosts at the time. */
export function foldRequests(
  state: State,
  before: LeaseBefore | undefined,
  requests: readonly StoredRequest[],
): Lease | undefined {
  let lease: Lease | undefined;
  for (const request of requests) {
    lease = foldRequest(lease ?? before, request, countFor(state, request), state.settings.leases);
  }
  return lease;
}

/** The count that decides what a host's answer is worth; undefined where it decides nothing. */
function countFor(state: State, request: StoredRequest): number | undefined {
  const { pool, hostNo, time, hresult, nPolicy } = request;
  if (pool === undefined || hresult !== 0) return undefined;
  const census = state.pools.at(hostNo, pool).book.countAt(time);
  if (census >= nPolicy) return census;
  return bestCount(census, state.reports.countAt(hostNo, pool, time, state.settings.reportStaleAfter));
}

/** Puts a folded lease in its place in the table, to be written with the transaction. */
export function putLease(state: State, id: number, lease: Lease, last: StoredRequest): void {
  const { renewal } = lease;
  const { machines } = state.names;
  const renewalMachine =
    renewal === undefined ? 0 : renewal.machine === last.machine ? last.machineNo : machines.no(renewal.machine);
  state.table.put(id, lease, last, renewalMachine);
  state.rows.touch(id);
}
