import type { HostName } from '../kernel/host-name.ts';
import type { EndpointSnapshot } from './snapshot.ts';

/**
 * How many of the hosts are up at one of their ports.
 * @returns undefined when there are hosts and no probe of any of them is fresh
 */
export function hostsUp(hosts: ReadonlySet<HostName>, endpoints: readonly EndpointSnapshot[]): number | undefined {
  const theirs = endpoints.filter((endpoint) => hosts.has(endpoint.host));
  if (hosts.size > 0 && theirs.every((endpoint) => endpoint.up === undefined)) return undefined;
  return new Set(theirs.filter((endpoint) => endpoint.up === true).map((endpoint) => endpoint.host)).size;
}
