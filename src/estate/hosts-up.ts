import type { HostName } from '../kernel/host-name.ts';
import type { EndpointSnapshot } from './snapshot.ts';

export interface HostsUp {
  readonly hostsUp: number | undefined;
  readonly hostsUnknown: number | undefined;
}

/**
 * How many of the hosts are up at one of their ports, and of how many nothing is known.
 * @returns undefined numbers when there are hosts and no probe of any of them is fresh
 */
export function hostsUp(hosts: ReadonlySet<HostName>, endpoints: readonly EndpointSnapshot[]): HostsUp {
  const theirs = endpoints.filter((endpoint) => hosts.has(endpoint.host));
  if (hosts.size > 0 && theirs.every(({ up, unknown }) => up === undefined && !unknown)) {
    return { hostsUp: undefined, hostsUnknown: undefined };
  }
  const { up } = upAndDown(theirs);
  const unknown = new Set(theirs.filter((endpoint) => endpoint.unknown).map(({ host }) => host));
  return { hostsUp: up.size, hostsUnknown: [...unknown].filter((host) => !up.has(host)).length };
}

/** The hosts that are up at one of their ports, and those that are down at one and up at none. */
export function upAndDown(endpoints: readonly EndpointSnapshot[]): {
  readonly up: ReadonlySet<HostName>;
  readonly down: ReadonlySet<HostName>;
} {
  const up = new Set(endpoints.filter((endpoint) => endpoint.up === true).map(({ host }) => host));
  const down = endpoints.filter((endpoint) => endpoint.up === false && !up.has(endpoint.host));
  return { up, down: new Set(down.map(({ host }) => host)) };
}
