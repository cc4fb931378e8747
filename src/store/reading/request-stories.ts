import { isRepeat } from '../../leases/rules.ts';
import type { RequestStory } from '../../leases/story.ts';
import type { Renewal } from '../../leases/types.ts';
import type { Catalogue } from '../history/catalogue.ts';
import type { StoredRequest } from '../history/records.ts';
import type { CountsAtTime } from './counts-at-time.ts';

/**
 * The newest requests with what is known of them. All are looked at, as each may be a repeat of one before it; the count
 * at the time is worked out for those alone that are shown.
 * @param requests newest first, as the answer is
 */
export function requestStories(
  requests: readonly StoredRequest[],
  limit: number,
  catalogue: Catalogue,
  counts: CountsAtTime,
): RequestStory[] {
  const repeats = repeatsAmong(requests);
  return requests.slice(0, limit).map((request) => ({
    request,
    product: catalogue.nameOf(request.activationId),
    count: counts.of(request),
    repeat: repeats.has(request.no),
  }));
}

/** @param requests newest first @returns their numbers */
function repeatsAmong(requests: readonly StoredRequest[]): ReadonlySet<number> {
  const repeats = new Set<number>();
  /** By client and product. */
  const renewals = new Map<string, Renewal>();
  for (const request of requests.toReversed()) {
    const key = `${request.client} ${request.product}`;
    if (isRepeat(renewals.get(key), request)) repeats.add(request.no);
    else if (request.hresult === 0) {
      // Whether it led to a presumption is not known here; it nearly always does.
      renewals.set(key, { time: request.time, machine: request.machine, presumed: true });
    }
  }
  return repeats;
}
