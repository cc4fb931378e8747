import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Millis } from '../kernel/time.ts';
import { exclusive, Loop, type LoopHistory, type LoopOptions } from './loop.ts';
import type { ReportPoll } from './report-poll.ts';
import type { Rounds } from './rounds.ts';
import type { Schedule, Schedules } from './schedule.ts';

export interface PollsOptions {
  readonly schedules: Schedules;
  readonly rounds: Rounds;
  /** Undefined when no host is asked about itself. */
  readonly reports: ReportPoll | undefined;
  /** What is known of a loop by its name; it outlives the loop. */
  readonly history: (name: string) => LoopHistory;
  /** Called after each round. */
  readonly onRound: () => void;
  readonly clock: Clock;
  /** By which schedules say when a round is due. */
  readonly wallClock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

/** The loops of one configuration. A reload stops them and starts others on the same estate. */
export interface Polls {
  /** By name; milliseconds after which a round is overdue. */
  readonly limits: ReadonlyMap<string, Millis>;
  /** Starts every loop. @returns when the first round of each has ended */
  start(): Promise<void>;
  /** Ends everything under way. */
  stop(): Promise<void>;
}

export function createPolls({ schedules, rounds, reports, history, onRound, ...shared }: PollsOptions): Polls {
  const all: [string, Schedule, LoopOptions['round']][] = [
    ['discovery', schedules.discovery, exclusive(({ signal }) => rounds.discover(signal))],
    ['probe', schedules.probe, (context) => rounds.probe.probeAll(context)],
    ['impostor', schedules.impostor, exclusive((context) => rounds.probe.checkAll(context))],
  ];
  if (reports !== undefined) all.push(['reports', schedules.reports, (context) => reports.askAll(context)]);
  const wanted = all.filter(([, { expression }]) => expression !== '');
  const loops = new Map(
    wanted.map(([name, { expression }, work]) => {
      const round = followed(work, onRound);
      return [name, new Loop({ name, schedule: expression, round, history: history(name), ...shared })];
    }),
  );
  const abort = new AbortController();
  return {
    limits: new Map(wanted.map(([name, { limit }]) => [name, limit])),
    async start() {
      // At once, so that a name server that is silent does not delay the first word of configured hosts.
      const reported = loops.get('reports')?.start();
      await Promise.all([loops.get('discovery')?.start(), loops.get('probe')?.start()]);
      await rounds.probe.probeNew(abort.signal);
      await Promise.all([loops.get('impostor')?.start(), reported]);
    },
    async stop() {
      abort.abort();
      rounds.close();
      await Promise.all([...loops.values()].map((loop) => loop.stop()));
    },
  };
}

function followed(round: LoopOptions['round'], then: () => void): LoopOptions['round'] {
  return async (context) => {
    const report = await round(context);
    if (!context.signal.aborted) then();
    return report;
  };
}
