import type { Canonicalise } from '../discovery/drift.ts';
import type { Sighting } from '../discovery/types.ts';
import type { Endpoint } from '../kernel/address.ts';
import type { HostName } from '../kernel/host-name.ts';
import { DEFAULT_PORT, type EstateSettings } from './settings.ts';
import { endpointKey } from './sightings.ts';

/** A host and port to probe. */
export interface ProbeTarget extends Endpoint {
  /** What to resolve: the names under which DNS publishes it, as clients do, else its own. */
  readonly names: readonly HostName[];
}

/** What decides about a host whose port the configuration leaves open. */
export interface TargetInputs {
  /** Published within the last 24 hours. */
  readonly sightings: readonly Sighting[];
  /** Whether a sighting is as new as an answer may be. */
  readonly isFresh: (sighting: Sighting) => boolean;
  /** Whether every domain was looked up: before, nobody knows where such a host is published. */
  readonly asked: boolean;
  /** Whether a host and port was probed before. */
  readonly isProbed: (endpoint: Endpoint) => boolean;
}

/**
 * Which hosts and ports to probe. A host whose port the configuration leaves open is probed where DNS publishes it,
 * and at 1688 when DNS does not.
 */
export function targetsOf(
  settings: EstateSettings,
  canonicalise: Canonicalise,
  inputs: TargetInputs,
): readonly ProbeTarget[] {
  const targets = new Map<string, Endpoint>();
  const published = new Set<HostName>();
  const add = (host: HostName, port: number): void => {
    targets.set(endpointKey(host, port), { host, port });
  };
  const addOpen = (host: HostName): void => {
    if (published.has(host)) return;
    if (inputs.asked || inputs.isProbed({ host, port: DEFAULT_PORT })) add(host, DEFAULT_PORT);
  };
  for (const sighting of inputs.sightings) {
    const host = canonicalise(sighting.target);
    published.add(host);
    add(host, sighting.port);
  }
  for (const { name, port } of settings.hosts) {
    if (port === undefined) addOpen(name);
    else add(name, port);
  }
  const configured = new Set(settings.hosts.map((host) => host.name));
  for (const name of settings.domains.flatMap((domain) => domain.expectedHosts ?? []).map(canonicalise)) {
    if (!configured.has(name)) addOpen(name);
  }
  return [...targets.values()]
    .sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : a.port - b.port))
    .map((target) => ({ ...target, names: namesOf(target, canonicalise, inputs) }));
}

function namesOf(
  { host, port }: Endpoint,
  canonicalise: Canonicalise,
  { sightings, isFresh }: TargetInputs,
): readonly HostName[] {
  const theirs = sightings.filter((sighting) => sighting.port === port && canonicalise(sighting.target) === host);
  const fresh = theirs.filter(isFresh);
  const names = new Set((fresh.length > 0 ? fresh : theirs).map(({ target }) => target));
  return names.size === 0 ? [host] : [...names];
}
