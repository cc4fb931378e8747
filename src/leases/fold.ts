import { type Seconds, seconds } from '../kernel/time.ts';
import type { Sufficiency } from './count.ts';
import { answerTo, continuedRun, isRepeat, isSettled, renewalTook, statedEnd, testimonyOf } from './rules.ts';
import type { Lease, LeaseRequest, LeaseSettings, SelfReport } from './types.ts';

/** As much of a lease as its next request is folded into. */
export type LeaseBefore = Omit<Lease, 'clientId' | 'activationId' | 'last'> & {
  readonly last: { readonly time: Seconds };
};

/**
 * Takes the next request into a lease. Requests must come in order (`compareRecords`); a late one means folding the
 * lease's requests again, from before it.
 * @param lease undefined for the lease's first request
 * @param count what the count of the request's host and pool is worth at its time, this request included; needed with
 * HRESULT 0 and a pool
 */
export function foldRequest(
  lease: LeaseBefore | undefined,
  request: LeaseRequest,
  count: Sufficiency | undefined,
  settings: LeaseSettings,
): Lease {
  const isAnomaly = testimonyOf(request) === 'anomaly';
  const before = {
    clientId: request.clientId,
    activationId: request.activationId,
    first: lease?.first ?? request.time,
    last: request,
    previous: lease?.last.time,
    runStart: seconds(continuedRun(lease, request, settings)),
    confirmed: lease?.confirmed,
    presumed: lease?.presumed,
    doubt: lease?.doubt ?? false,
    renewal: lease?.renewal,
    anomalies: lease?.anomalies ?? 0,
    anomaliesInRow: isAnomaly ? Math.min(3, (lease?.anomaliesInRow ?? 0) + 1) : 0,
    wasPlausible: lease?.wasPlausible === true || !isAnomaly,
  } satisfies Lease;
  if (isRepeat(before.renewal, request)) return before;
  return takeAnswer(takeTestimony(before, settings), count, settings);
}

/**
 * Takes into a lease what its client says of itself outside of a request, at its own time: not before the lease's last
 * request, and before the next one.
 */
export function foldReport<T extends LeaseBefore>(lease: T, report: SelfReport, { validity }: LeaseSettings): T {
  if (!isSettled(lease.renewal, report, validity)) return lease;
  return { ...lease, ...heardOf(lease, report, validity) };
}

function takeTestimony(lease: Lease, { validity }: LeaseSettings): Lease {
  if (testimonyOf(lease.last) === 'anomaly') return { ...lease, anomalies: lease.anomalies + 1 };
  return { ...lease, ...heardOf(lease, lease.last, validity) };
}

/** Rule 1, for what is no anomaly. */
function heardOf(
  { renewal, doubt }: LeaseBefore,
  report: SelfReport,
  validity: number,
): Pick<Lease, 'doubt' | 'confirmed' | 'presumed'> {
  const took = renewalTook(renewal, report, validity);
  return {
    doubt: took === undefined ? doubt : !took,
    confirmed: testimonyOf(report) === 'licensed' ? seconds(statedEnd(report)) : undefined,
    presumed: undefined,
  };
}

function takeAnswer(lease: Lease, count: Sufficiency | undefined, settings: LeaseSettings): Lease {
  const { last: request } = lease;
  const answer = answerTo(request, lease.doubt, count);
  if (answer === 'refused') return lease;
  const presumed = answer === 'presumed';
  return {
    ...lease,
    presumed: presumed ? seconds(request.time + settings.validity) : lease.presumed,
    renewal: { time: request.time, machine: request.machine, presumed },
  };
}
