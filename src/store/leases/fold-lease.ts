import type { Sufficiency } from '../../leases/count.ts';
import { BY_NAME, type Sharing, sharingOf } from '../../leases/duplicates.ts';
import { foldReport, foldRequest, type LeaseBefore } from '../../leases/fold.ts';
import { NO_REPORTS, type PlacedReports } from '../../leases/self-reports.ts';
import type { Lease } from '../../leases/types.ts';
import { classNo, groupNo } from '../database/numbering.ts';
import type { StoredRequest } from '../history/records.ts';
import type { State } from './state.ts';

/**
 * Takes requests into a lease, in their order, with the counts of their hosts at the time.
 * @param reports what their machines said between them
 */
export function foldRequests(
  state: State,
  before: LeaseBefore | undefined,
  requests: readonly StoredRequest[],
  reports: PlacedReports = NO_REPORTS,
): Lease | undefined {
  const settings = state.settings.leases;
  let lease: Lease | undefined;
  for (const [index, request] of requests.entries()) {
    lease = foldRequest(lease ?? before, request, countFor(state, request), settings);
    for (const report of reports.get(index) ?? []) lease = foldReport(lease, report, settings);
  }
  return lease;
}

/** The count that decides what a host's answer is worth; undefined where it decides nothing. */
function countFor(
  state: State,
  { pool, hostNo, time, hresult, nPolicy, activationId }: StoredRequest,
): Sufficiency | undefined {
  if (pool === undefined || hresult !== 0) return undefined;
  return state.historyOf(hostNo, pool).sufficiencyAt(time, activationId, nPolicy);
}

/** Puts a folded lease in its place in the table, to be written with the transaction. */
export function putLease(state: State, id: number, lease: Lease, last: StoredRequest): void {
  const { renewal } = lease;
  const { machines } = state.names;
  const renewalMachine =
    renewal === undefined ? 0 : renewal.machine === last.machine ? last.machineNo : machines.no(renewal.machine);
  state.table.put(id, lease, last, renewalMachine, state.isEphemeral(last.machine));
  state.rows.touch(id);
}

/** Whether several machines share a client id, or ephemeral ones use it. @param requests of that client id, in order */
export function sharingAmong(state: State, requests: readonly StoredRequest[]): Sharing | undefined {
  if (requests.every(({ machineNo }) => machineNo === requests[0]?.machineNo)) return undefined;
  const lasting = requests.filter(({ machine }) => !state.isEphemeral(machine));
  return sharingOf(lasting) ?? (lasting.length < requests.length ? BY_NAME : undefined);
}

/**
 * Makes the leases of a client id from all its requests: one a product, and one a product and machine if several share it.
 * @param requests in order
 * @param reportsOf finds what the machines of a lease said, by its requests
 */
export function foldClient(
  state: State,
  requests: readonly StoredRequest[],
  reportsOf: (own: readonly StoredRequest[]) => PlacedReports,
): void {
  const { duplicates, table, former } = state;
  const client = requests[0]?.client ?? 0;
  const sharing = sharingAmong(state, requests);
  duplicates.set(client, sharing);
  const keyOf = ({ product, machineNo }: StoredRequest) =>
    sharing === undefined ? product : `${product} ${machineNo}`;
  for (const own of Map.groupBy(requests, keyOf).values()) {
    const lease = foldRequests(state, undefined, own, reportsOf(own));
    const last = own.at(-1);
    if (lease === undefined || last === undefined) continue;
    putLease(state, table.length, lease, last);
    for (const request of own) {
      if (isFormer(request, last)) former.add(request);
    }
  }
}

/** Whether a request of a lease shows something of its machine that the last one of the lease does not. */
export function isFormer(request: StoredRequest, last: StoredRequest): boolean {
  return request.machineNo !== last.machineNo || groupNo(classNo(request.cls)) !== groupNo(classNo(last.cls));
}
