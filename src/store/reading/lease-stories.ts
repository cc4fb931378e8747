import { seconds } from '../../kernel/time.ts';
import { expiryOf } from '../../leases/expiry.ts';
import { isRetrying, runStartOf } from '../../leases/retrying.ts';
import { stateOf } from '../../leases/state.ts';
import type { LeaseStory } from '../../leases/story.ts';
import { supersessionGroup } from '../../leases/superseded.ts';
import type { StoredRequest } from '../history/records.ts';
import { RETIRED, SUPERSEDED } from '../leases/exclusion-bits.ts';
import type { CountsAtTime } from './counts-at-time.ts';
import type { LeaseContext } from './lease-json.ts';
import type { StoredLease } from './read-lease.ts';

/** The leases of one machine with what follows from them now. @param requests of the machine, newest first */
export function leaseStories(
  leases: readonly StoredLease[],
  requests: readonly StoredRequest[],
  context: LeaseContext,
  counts: CountsAtTime,
): LeaseStory[] {
  return leases.map((stored) => leaseStory(stored, requests, context, counts));
}

function leaseStory(
  { lease, exclusion }: StoredLease,
  requests: readonly StoredRequest[],
  { now, settings, catalogue, interval: intervalOf }: LeaseContext,
  counts: CountsAtTime,
): LeaseStory {
  const exclusions = { retired: (exclusion & RETIRED) !== 0, superseded: (exclusion & SUPERSEDED) !== 0 };
  const state = stateOf(lease, exclusions, now, settings);
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
    successor: exclusions.superseded ? successor(lease.last, requests, catalogue) : undefined,
  };
}

/** The newest request that took the place of a lease. */
function successor(
  last: StoredRequest,
  requests: readonly StoredRequest[],
  catalogue: LeaseContext['catalogue'],
): LeaseStory['successor'] {
  const group = supersessionGroup(last.cls);
  const next = requests.find((request) => !isOf(last, request) && supersessionGroup(request.cls) === group);
  return next && { product: catalogue.nameOf(next.activationId), time: next.time };
}

function isOf(last: StoredRequest, request: StoredRequest): boolean {
  return request.client === last.client && request.product === last.product;
}

function* times(requests: readonly StoredRequest[]): Iterable<number> {
  for (const { time } of requests) yield time;
}
