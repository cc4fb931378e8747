import type { Config } from '../config/schema.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { exclusive, Loop, type LoopOptions, type LoopRecord } from './loop.ts';
import type { Rounds } from './rounds.ts';
import { limitOf } from './settings.ts';

export interface PollsOptions {
  readonly config: Config;
  readonly rounds: Rounds;
  /** What is known of a loop by its name; it outlives the loop. */
  readonly record: (name: string) => LoopRecord;
  readonly clock: Clock;
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

export function createPolls({ config, rounds, record, clock, logger }: PollsOptions): Polls {
  const schedules: readonly (readonly [string, string, LoopOptions['round']])[] = [
    ['discovery', config.discovery.schedule, exclusive(({ signal }) => rounds.discover(signal))],
    ['probe', config.probe.schedule, (context) => rounds.probe.probeAll(context)],
    ['impostor', config.probe.impostor_schedule, exclusive((context) => rounds.probe.checkAll(context))],
  ];
  const wanted = schedules.filter(([, schedule]) => schedule !== '');
  const loops = new Map(
    wanted.map(([name, schedule, round]) => [
      name,
      new Loop({ name, schedule, round, record: record(name), clock, logger }),
    ]),
  );
  const abort = new AbortController();
  return {
    limits: new Map(wanted.map(([name, schedule]) => [name, limitOf(schedule)])),
    async start() {
      // At once, so that a name server that is silent does not delay the first word of configured hosts.
      await Promise.all([loops.get('discovery')?.start(), loops.get('probe')?.start()]);
      await rounds.probe.probeNew(abort.signal);
      await loops.get('impostor')?.start();
    },
    async stop() {
      abort.abort();
      rounds.close();
      await Promise.all([...loops.values()].map((loop) => loop.stop()));
    },
  };
}
