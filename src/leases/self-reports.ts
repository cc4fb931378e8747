import { compareRecords } from './order.ts';
import type { LeaseRequest, RecordKey, SelfReport } from './types.ts';

/** Where reports are among the requests of a lease: by the index of the request that they follow. */
export type PlacedReports = ReadonlyMap<number, readonly SelfReport[]>;

export const NO_REPORTS: PlacedReports = new Map();

/**
 * Finds the requests of a lease after which its client's reports are heard. A report is about the newest lease of its
 * machine and product at its time: the last request of the lease was by that machine, and the machine has made no later one
 * with another lease of the product.
 * @param own requests of a lease, in order
 * @param others requests of the same machines, each under the name that `own` has, for the product with other leases
 * @param reports about the product by machines of `own`, each under the name that its requests have
 */
export function placeReports(
  own: readonly LeaseRequest[],
  others: readonly (RecordKey & { readonly machine: string })[],
  reports: readonly SelfReport[],
): PlacedReports {
  if (reports.length === 0) return NO_REPORTS;
  const placed = new Map<number, SelfReport[]>();
  for (const report of reports.toSorted(compareReports)) {
    const index = own.findLastIndex(({ time }) => time <= report.time);
    const request = own[index];
    if (request?.machine !== report.machine) continue;
    const isOlder = others.some(
      (other) => other.machine === request.machine && other.time <= report.time && compareRecords(other, request) > 0,
    );
    if (!isOlder) placed.set(index, [...(placed.get(index) ?? []), report]);
  }
  return placed;
}

/** What says the same at the same time in two ways is in some order, always the same. */
function compareReports(a: SelfReport, b: SelfReport): number {
  return a.time - b.time || a.status - b.status || a.minutes - b.minutes;
}
