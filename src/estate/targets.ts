import type { Fold } from '../discovery/drift.ts';
import type { Sighting } from '../discovery/types.ts';
import type { Endpoint } from '../kernel/address.ts';
import type { HostName } from '../kernel/host-name.ts';
import { DEFAULT_PORT, type EstateSettings } from './settings.ts';
import { endpointKey } from './sightings.ts';

/**
 * Which hosts and ports to probe. A host whose port the configuration leaves open is probed where DNS publishes it,
 * and at 1688 when DNS does not; before DNS was asked at all, nobody knows.
 * @param asked whether every domain was looked up at every server at least once
 */
export function targetsOf(
  settings: EstateSettings,
  fold: Fold,
  sightings: readonly Sighting[],
  asked: boolean,
): readonly Endpoint[] {
  const targets = new Map<string, Endpoint>();
  const published = new Set<HostName>();
  const add = (host: HostName, port: number): void => {
    targets.set(endpointKey(host, port), { host, port });
  };
  for (const sighting of sightings) {
    const host = fold(sighting.target);
    published.add(host);
    add(host, sighting.port);
  }
  for (const host of settings.hosts) {
    if (host.port !== undefined) add(host.name, host.port);
    else if (asked && !published.has(host.name)) add(host.name, DEFAULT_PORT);
  }
  const known = new Set(settings.hosts.map((host) => host.name));
  for (const name of settings.domains.flatMap((domain) => domain.expectedHosts ?? [])) {
    const host = fold(name);
    if (asked && !known.has(host) && !published.has(host)) add(host, DEFAULT_PORT);
  }
  return [...targets.values()].sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : a.port - b.port));
}
