import type { HostName } from '../kernel/host-name.ts';
import { MINUTE_MS, SECOND_MS } from '../kernel/time.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import { newestRequest } from './logs-snapshot.ts';
import type { EndpointSnapshot, EstateSnapshot } from './snapshot.ts';

/** A service that answers for this long works, whatever its log said before. */
const UP_FOR = 15 * MINUTE_MS;

/**
 * When the KMS service of each host failed (12291, 12292), if it has shown no sign of work since: a request (12290), a
 * record that it published (12294), or 15 minutes in which it was up.
 * @returns seconds since the epoch by host; undefined for a host that works again
 */
export function serviceFailures(
  { endpoints, at }: EstateSnapshot,
  hosts: readonly HostAggregates[],
): ReadonlyMap<HostName, number | undefined> {
  const up = Map.groupBy(
    endpoints.filter((endpoint) => endpoint.up === true),
    ({ host }) => host,
  );
  return new Map(
    hosts
      .filter(({ failures }) => failures.length > 0)
      .map((host) => {
        const failed = Math.max(...host.failures.map(({ time }) => time));
        const worksAgain = lastWork(host) > failed || wasUp(up.get(host.host) ?? [], failed * SECOND_MS, at);
        return [host.host, worksAgain ? undefined : failed] as const;
      }),
  );
}

function lastWork(host: HostAggregates): number {
  const published = host.dnsPublish.filter(({ result }) => result === 'success').map(({ time }) => time);
  return Math.max(newestRequest(host) ?? Number.NEGATIVE_INFINITY, ...published);
}

function wasUp(endpoints: readonly EndpointSnapshot[], failed: number, now: number): boolean {
  return endpoints.some(({ upSince }) => now - Math.max(upSince ?? 0, failed) >= UP_FOR);
}
