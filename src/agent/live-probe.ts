import { readAllowedTarget } from '../config/probe-allow.ts';
import type { Config } from '../config/schema.ts';
import type { Estate } from '../estate/estate.ts';
import type { EstateSettings } from '../estate/settings.ts';
import { endpointKey } from '../estate/sightings.ts';
import type { ProbeTarget } from '../estate/targets.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import { SECOND_MS } from '../kernel/time.ts';
import type { Resolve } from '../probe/probe-host.ts';
import type { LiveProbeContext } from '../web/probe/live-probe-context.ts';

/** How long a list of all targets serves, in milliseconds: making it takes longer than a probe. */
const TARGETS_SERVE = SECOND_MS;

export interface LiveProbeOptions {
  readonly config: Config;
  readonly settings: EstateSettings;
  readonly estate: Estate;
  readonly resolve: Resolve;
  readonly clock: Clock;
  readonly random: Random;
}

/** What `/probe` may look at, and with what, on one configuration. */
export function createLiveProbe({
  config,
  settings,
  estate,
  resolve,
  clock,
  random,
}: LiveProbeOptions): LiveProbeContext {
  const domains = new Set(settings.domains.map(({ name }) => name));
  let targets: ReadonlyMap<string, ProbeTarget> = new Map();
  let until = Number.NEGATIVE_INFINITY;
  const current = (): typeof targets => {
    if (clock.monotonic() < until) return targets;
    until = clock.monotonic() + TARGETS_SERVE;
    targets = new Map(estate.targets(clock.now()).map((target) => [endpointKey(target.host, target.port), target]));
    return targets;
  };
  return {
    watched: ({ host, port }) => current().get(endpointKey(estate.canonicalise(host), port))?.names,
    isWatchedDomain: (domain) => domains.has(domain),
    allow: config.web.probe_allow.flatMap((text) => readAllowedTarget(text) ?? []),
    servers: settings.servers,
    resolve,
    timeout: config.probe.timeout,
    lookup: { timeout: config.discovery.timeout, attempts: config.discovery.attempts },
    clock,
    random,
  };
}
