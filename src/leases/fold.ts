import { type Seconds, seconds } from '../kernel/time.ts';
import { answerTo, continuedRun, isRepeat, renewalTook, statedEnd, testimonyOf } from './rules.ts';
import type { Lease, LeaseRequest, LeaseSettings } from './types.ts';

/** As much of a lease as its next request is folded into. */
export type LeaseBefore = Omit<Lease, 'clientId' | 'activationId' | 'last'> & {
  readonly last: { readonly time: Seconds };
};

/**
 * Takes the next request into a lease. Requests must come in order (`compareRecords`); a late one means folding the
 * lease's requests again, from before it.
 * @param lease undefined for the lease's first request
 * @param count of the request's host and pool at its time, this request included; needed with HRESULT 0 and a pool
 */
export function foldRequest(
  lease: LeaseBefore | undefined,
  request: LeaseRequest,
  count: number | undefined,
  settings: LeaseSettings,
): Lease {
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
  } satisfies Lease;
  if (isRepeat(before.renewal, request)) return before;
  return takeAnswer(takeTestimony(before, settings), count, settings);
}

function takeTestimony(lease: Lease, settings: LeaseSettings): Lease {
  const { last: request, renewal } = lease;
  const took = renewalTook(renewal, request, settings.validity);
  const doubt = took === undefined ? lease.doubt : !took;
  switch (testimonyOf(request)) {
    case 'licensed':
      return { ...lease, doubt, confirmed: seconds(statedEnd(request)), presumed: undefined };
    case 'not_licensed':
      return { ...lease, doubt, confirmed: undefined, presumed: undefined };
    case 'anomaly':
      return { ...lease, anomalies: lease.anomalies + 1 };
  }
}

function takeAnswer(lease: Lease, count: number | undefined, settings: LeaseSettings): Lease {
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
