import type { Counts } from './lease-stories.ts';
import type { LeaseContext } from './list-lease.ts';
import { isRepeat } from './rules.ts';
import type { RequestStory } from './story.ts';
import type { LeaseRequest, Renewal } from './types.ts';

/**
 * The newest requests with what is known of them. All are looked at, as each may be a repeat of one before it; the count
 * at the time is worked out for those alone that are shown.
 * @param requests newest first, as the answer is
 */
export function requestStories<Request extends LeaseRequest>(
  requests: readonly Request[],
  limit: number,
  catalogue: LeaseContext['catalogue'],
  counts: Counts<NoInfer<Request>>,
): RequestStory[] {
  const repeats = repeatsAmong(requests);
  return requests.slice(0, limit).map((request) => ({
    request,
    product: catalogue.nameOf(request.activationId),
    count: counts.of(request),
    repeat: repeats.has(request),
  }));
}

/** @param requests newest first */
function repeatsAmong(requests: readonly LeaseRequest[]): ReadonlySet<LeaseRequest> {
  const repeats = new Set<LeaseRequest>();
  /** By client and product. */
  const renewals = new Map<string, Renewal>();
  for (const request of requests.toReversed()) {
    const key = `${request.clientId} ${request.activationId}`;
    if (isRepeat(renewals.get(key), request)) repeats.add(request);
    else if (request.hresult === 0) {
      // Whether it led to a presumption is not known here; it nearly always does.
      renewals.set(key, { time: request.time, machine: request.machine, presumed: true });
    }
  }
  return repeats;
}
