import type { Config } from '../config/schema.ts';
import { createAddressResolver } from '../discovery/address-resolver.ts';
import type { Sighting, SrvLookup } from '../discovery/types.ts';
import type { Estate } from '../estate/estate.ts';
import type { EstateSettings } from '../estate/settings.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import type { Resolve } from '../probe/probe-host.ts';
import type { HostProbe } from '../probe/types.ts';
import { pollDiscovery } from './discovery-poll.ts';
import { ProbePoll } from './probe-poll.ts';
import { type Schedules, spreadOf } from './schedule.ts';

export interface RoundsOptions {
  readonly config: Config;
  readonly settings: EstateSettings;
  readonly schedules: Schedules;
  readonly estate: Estate;
  /** Remembers what a round of discovery saw published. */
  readonly remember: (sightings: readonly Sighting[]) => Promise<unknown>;
  /** Hears of each result once the estate has it. */
  readonly onLookup?: (lookup: SrvLookup) => void;
  readonly onProbe?: (probe: HostProbe) => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** The rounds that polls are made of, on one configuration; what they find goes into the estate. */
export interface Rounds {
  /** Looks all domains up at all name servers, then probes the hosts that nobody knew. */
  discover(signal: AbortSignal): Promise<void>;
  readonly probe: ProbePoll;
  /** Looks for the addresses of a host, with what is remembered of them. */
  readonly resolve: Resolve;
  /** Ends what is under way outside of a round: second looks at hosts, lookups of addresses. */
  close(): void;
}

export function createRounds(options: RoundsOptions): Rounds {
  const { config, settings, estate, remember, clock, random } = options;
  const { timeout, attempts } = config.discovery;
  const { servers, lastResort = [], search } = settings;
  const resolver = createAddressResolver({ servers, lastResort, domains: search, timeout, attempts, clock, random });
  const abort = new AbortController();
  const probe = new ProbePoll(
    {
      estate,
      resolve: (host, signal) => resolver.resolve(host, signal),
      timeout: config.probe.timeout,
      concurrency: config.probe.concurrency,
      impostorCheck: config.probe.impostor_schedule !== '',
      spread: spreadOf(options.schedules.probe),
      onProbe: (found) => options.onProbe?.(found),
      clock,
      random,
    },
    abort.signal,
  );
  return {
    probe,
    resolve: (host, signal) => resolver.resolve(host, signal),
    async discover(signal) {
      const sightings: Sighting[] = [];
      await pollDiscovery(settings, { timeout, attempts, clock, random, signal }, (lookup) => {
        sightings.push(...estate.recordLookup(lookup));
        if (lookup.result.ok) resolver.learn(lookup.server, lookup.result.value.glue);
        options.onLookup?.(lookup);
      });
      await remember(sightings);
      await probe.probeNew(signal);
    },
    close() {
      abort.abort();
      resolver.close();
    },
  };
}
