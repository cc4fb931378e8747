import { seconds } from '../kernel/time.ts';
import { expiryOf } from './expiry.ts';
import type { LeaseContext, ListedLease } from './list-lease.ts';
import { isRetrying, runStartOf } from './retrying.ts';
import { stateOf } from './state.ts';
import type { CountAtTime, LeaseStory } from './story.ts';
import { supersessionGroup } from './superseded.ts';
import type { LeaseRequest } from './types.ts';

/** What the host of a request had counted at its time; undefined without a pool. */
export interface Counts<Request> {
  of(request: Request): CountAtTime | undefined;
}

/** The leases of one machine with what follows from them now. @param requests of the machine, newest first */
export function leaseStories<Request extends LeaseRequest>(
  leases: readonly ListedLease[],
  requests: readonly Request[],
  context: LeaseContext,
  counts: Counts<NoInfer<Request>>,
): LeaseStory[] {
  return leases.map((stored) => leaseStory(stored, requests, context, counts));
}

function leaseStory<Request extends LeaseRequest>(
  { lease, excluded }: ListedLease,
  requests: readonly Request[],
  { now, settings, catalogue, interval: intervalOf }: LeaseContext,
  counts: Counts<NoInfer<Request>>,
): LeaseStory {
  const state = stateOf(lease, excluded, now, settings);
  const interval = intervalOf(lease.last.host);
  const own = requests.filter((request) => isOf(lease.last, request));
  const [last] = own;
  return {
    lease,
    product: catalogue.nameOf(lease.activationId),
    state,
    expiry: expiryOf(lease),
    retrying: isRetrying(lease, state, now, interval),
    runStart: seconds(runStartOf(times(own), interval) ?? lease.runStart),
    interval: seconds(interval),
    lastCount: last && counts.of(last),
    countNow: last && counts.of({ ...last, time: seconds(now) }),
    successor: excluded.superseded ? successor(lease.last, requests, catalogue) : undefined,
  };
}

/** The newest request that took the place of a lease. */
function successor(
  last: LeaseRequest,
  requests: readonly LeaseRequest[],
  catalogue: LeaseContext['catalogue'],
): LeaseStory['successor'] {
  const group = supersessionGroup(last.cls);
  const next = requests.find((request) => !isOf(last, request) && supersessionGroup(request.cls) === group);
  return next && { product: catalogue.nameOf(next.activationId), time: next.time };
}

function isOf(last: LeaseRequest, request: LeaseRequest): boolean {
  return request.clientId === last.clientId && request.activationId === last.activationId;
}

function* times(requests: readonly LeaseRequest[]): Iterable<number> {
  for (const { time } of requests) yield time;
}
