import type { Config } from '../config/schema.ts';
import { createAddressResolver } from '../discovery/address-resolver.ts';
import type { Sighting } from '../discovery/types.ts';
import type { Estate } from '../estate/estate.ts';
import type { EstateSettings } from '../estate/settings.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Random } from '../kernel/random.ts';
import { pollDiscovery } from './discovery-poll.ts';
import { exclusive, Loop, type LoopOptions, type LoopRecord } from './loop.ts';
import { ProbePoll } from './probe-poll.ts';
import { schedulePeriod } from './schedule.ts';
import { limitOf } from './settings.ts';

/** Probes of a round start within so much of its period, at most so many milliseconds. */
const SPREAD = 0.1;
const MAX_SPREAD = 10_000;

export interface PollsOptions {
  readonly config: Config;
  readonly settings: EstateSettings;
  readonly estate: Estate;
  /** Remembers what a round of discovery saw published. */
  readonly remember: (sightings: readonly Sighting[]) => Promise<void>;
  /** What is known of a loop by its name; it outlives the loop. */
  readonly record: (name: string) => LoopRecord;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The loops of one configuration. A reload stops them and starts others on the same estate. */
export interface Polls {
  /** By name; milliseconds after which a round is overdue. */
  readonly limits: ReadonlyMap<string, number>;
  /** Starts every loop. @returns when the first round of each has ended */
  start(): Promise<void>;
  /** Ends everything under way. */
  stop(): Promise<void>;
}

export function createPolls(options: PollsOptions): Polls {
  const { config, clock } = options;
  const abort = new AbortController();
  const { poll, discover } = connect(options, abort.signal);
  const loops = new Map<string, { loop: Loop; limit: number }>();
  const add = (name: string, schedule: string, round: LoopOptions['round']): void => {
    if (schedule === '') return;
    const { record, logger } = options;
    const loop = new Loop({ name, schedule, round, record: record(name), clock, logger });
    loops.set(name, { loop, limit: limitOf(schedule) });
  };
  add('discovery', config.discovery.schedule, exclusive(discover));
  add('probe', config.probe.schedule, (context) => poll.probeAll(context));
  add(
    'impostor',
    config.probe.impostor_schedule,
    exclusive((context) => poll.checkAll(context)),
  );
  return {
    limits: new Map([...loops].map(([name, { limit }]) => [name, limit])),
    async start() {
      // At once, so that a name server that is silent does not delay the first word of configured hosts.
      await Promise.all([loops.get('discovery')?.loop.start(), loops.get('probe')?.loop.start()]);
      await poll.probeNew(abort.signal);
      await loops.get('impostor')?.loop.start();
    },
    async stop() {
      abort.abort();
      await Promise.all([...loops.values()].map(({ loop }) => loop.stop()));
    },
  };
}

function connect(options: PollsOptions, signal: AbortSignal) {
  const { config, settings, estate, remember, clock, random } = options;
  const { timeout, attempts } = config.discovery;
  const { servers, domains } = settings;
  const names = domains.map(({ name }) => name);
  const resolver = createAddressResolver({ servers, domains: names, timeout, attempts, clock, random });
  const poll = new ProbePoll(
    {
      estate,
      resolve: (host, resolveSignal) => resolver.resolve(host, resolveSignal),
      timeout: config.probe.timeout,
      concurrency: config.probe.concurrency,
      impostorCheck: config.probe.impostor_schedule !== '',
      spread: Math.min(SPREAD * schedulePeriod(config.probe.schedule), MAX_SPREAD),
      clock,
      random,
    },
    signal,
  );
  const discover = async (context: { signal: AbortSignal }): Promise<void> => {
    const sightings: Sighting[] = [];
    await pollDiscovery(settings, { timeout, attempts, clock, random, signal: context.signal }, (lookup) => {
      sightings.push(...estate.takeLookup(lookup));
      if (lookup.result.ok) resolver.learn(lookup.result.value.glue);
    });
    await remember(sightings);
    await poll.probeNew(context.signal);
  };
  return { poll, discover };
}
