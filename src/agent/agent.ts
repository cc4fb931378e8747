import type { LoopView } from '../conditions/agent-view.ts';
import type { Config } from '../config/schema.ts';
import type { SystemResolver } from '../discovery/resolv-conf.ts';
import { Estate } from '../estate/estate.ts';
import { type EstateSettings, LOOK_AFTER_MS } from '../estate/settings.ts';
import type { EstateView } from '../estate/view.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Random } from '../kernel/random.ts';
import type { Store } from '../store/store.ts';
import type { LiveProbeSource } from '../web/probe/live-probe-source.ts';
import { ChangeLog } from './change-log.ts';
import { createLiveProbe } from './live-probe.ts';
import { LoopRecord } from './loop.ts';
import { createPolls, type Polls } from './polls.ts';
import { createRounds } from './rounds.ts';
import { schedulesOf } from './schedule.ts';
import { estateSettings } from './settings.ts';

/** Before the first configuration. */
const NOTHING: EstateSettings = {
  domains: [],
  servers: [],
  hosts: [],
  names: [],
  search: [],
  limits: { discovery: 0, probe: 0, impostor: 0 },
};

export interface AgentDeps {
  /** By which polls run and what they find grows old. */
  readonly clock: Clock;
  /** By which log records, and what follows from them, are judged: in the demo, days may pass in minutes. */
  readonly eventClock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly store: Store;
}

/** Polls and keeps the picture. All that the agent knows is read from here, and nothing that is read causes a poll. */
export class Agent {
  readonly #deps: AgentDeps;
  readonly #estate: Estate;
  readonly #changes: ChangeLog;
  readonly #records = new Map<string, LoopRecord>();
  #polls: Polls | undefined;
  #liveProbe: LiveProbeSource | undefined;
  #onRound: () => void = () => {};
  #ready = false;

  /** Takes up what earlier runs remember; nothing is polled before `apply`. */
  static async create(deps: AgentDeps): Promise<Agent> {
    return new Agent(new Estate(NOTHING, await deps.store.sightings()), deps);
  }

  private constructor(estate: Estate, deps: AgentDeps) {
    this.#estate = estate;
    this.#deps = deps;
    this.#changes = new ChangeLog(deps.logger);
  }

  /** True once the first round of every loop has ended. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Calls a listener after each round of a loop from now on. */
  onRound(listener: () => void): void {
    this.#onRound = listener;
  }

  /**
   * Polls as a configuration says, instead of as the one before; what is still watched keeps its state.
   * @returns when the first rounds on it have ended
   */
  async apply(config: Config, system: SystemResolver): Promise<void> {
    await this.stop();
    const schedules = schedulesOf(config);
    const settings = estateSettings(config, system, schedules);
    this.#estate.configure(settings);
    warnOfGaps(settings, this.#deps.logger);
    const { clock, random, logger, store } = this.#deps;
    const rounds = createRounds({
      config,
      settings,
      schedules,
      estate: this.#estate,
      remember: (sightings) => store.saveSightings(sightings, clock.now() - LOOK_AFTER_MS),
      onLookup: (lookup) => this.#changes.lookedUp(lookup),
      onProbe: (probe) => this.#changes.probed(probe),
      clock,
      random,
    });
    const { resolve } = rounds;
    this.#liveProbe = createLiveProbe({ config, settings, estate: this.#estate, resolve, clock, random });
    const polls = createPolls({
      schedules,
      rounds,
      record: (name) => this.#record(name),
      onRound: () => this.#onRound(),
      clock,
      logger,
    });
    this.#polls = polls;
    await polls.start();
    if (this.#polls === polls) this.#ready = true;
  }

  /** Ends every poll at once. */
  async stop(): Promise<void> {
    const polls = this.#polls;
    this.#polls = undefined;
    await polls?.stop();
  }

  view(): EstateView {
    return this.#estate.view(this.#deps.clock.now());
  }

  /** What `/probe` works with; undefined before the first configuration. */
  get liveProbe(): LiveProbeSource | undefined {
    return this.#liveProbe;
  }

  loops(): readonly LoopView[] {
    return [...(this.#polls?.limits ?? [])].map(([name, limit]) => {
      const { duration, lastEnd, skipped } = this.#record(name);
      return { name, duration, lastEnd, skipped, limit: limit / 1000 };
    });
  }

  #record(name: string): LoopRecord {
    const record = this.#records.get(name) ?? new LoopRecord();
    this.#records.set(name, record);
    return record;
  }
}

function warnOfGaps({ domains, servers, hosts }: EstateSettings, logger: Logger): void {
  if (domains.length > 0 && servers.length === 0) {
    logger.warn({}, 'there is no name server to ask: set discovery.servers');
  }
  if (domains.length === 0 && hosts.length === 0) {
    logger.warn({}, 'there is nothing to watch: set discovery.domains or hosts');
  }
}
