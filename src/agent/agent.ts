import type { LoopSnapshot } from '../conditions/agent-snapshot.ts';
import type { Config } from '../config/schema.ts';
import type { SystemResolver } from '../discovery/resolv-conf.ts';
import { Estate } from '../estate/estate.ts';
import { LOOK_AFTER_MS } from '../estate/settings.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import type { HostName } from '../kernel/host-name.ts';
import { InTurn } from '../kernel/in-turn.ts';
import { err, type Result } from '../kernel/result.ts';
import { inSeconds, millis } from '../kernel/time.ts';
import type { HostReport } from '../reports/types.ts';
import type { LiveProbeContext } from '../web/probe/live-probe-context.ts';
import type { ReportRefusal } from '../web/web-backend.ts';
import type { Resolve } from '../winrm/lookup.ts';
import { acceptReport } from './accept-report.ts';
import type { AgentDeps } from './agent-deps.ts';
import { ChangeLog } from './change-log.ts';
import type { DirectoryWatch } from './directory-watch.ts';
import { estateSettings, NOTHING, warnOfGaps } from './estate-settings.ts';
import { createLiveProbe } from './live-probe.ts';
import type { LogReaders } from './logs/log-readers.ts';
import { LoopHistory } from './loop.ts';
import { createPolls, type Polls } from './polls.ts';
import type { ReportPoll } from './report-poll.ts';
import { createRounds } from './rounds.ts';
import { type Schedules, schedulesOf, spreadOf } from './schedule.ts';
import { WinrmAccess } from './winrm-access.ts';

/** Polls, and keeps what the polls found. All that the agent knows is read from here, and nothing that is read causes a poll. */
export class Agent {
  readonly #deps: AgentDeps;
  readonly #estate: Estate;
  readonly #changes: ChangeLog;
  readonly #histories = new Map<string, LoopHistory>();
  readonly #winrm: WinrmAccess;
  #logs: LogReaders | undefined;
  #polls: Polls | undefined;
  #liveProbe: LiveProbeContext | undefined;
  #directory: DirectoryWatch | undefined;
  /** Configurations and changes of the forest, one after the other. */
  readonly #applying = new InTurn();
  #resolve: Resolve = async () => err({ detail: 'the resolver is not ready yet' });
  #onRound: () => void = () => {};
  #ready = false;
  #isRecalled = false;

  /** Takes up what earlier runs remember; nothing is polled before `apply`. */
  static async create(deps: AgentDeps): Promise<Agent> {
    const agent = new Agent(new Estate(NOTHING), deps);
    await agent.#recall();
    return agent;
  }

  private constructor(estate: Estate, deps: AgentDeps) {
    this.#estate = estate;
    this.#deps = deps;
    this.#changes = new ChangeLog(deps.logger);
    this.#winrm = new WinrmAccess(deps);
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
    const polls = await this.#applying.do(async () => {
      await this.#directory?.stop();
      this.#directory = await this.#watchDirectory(config, system);
      const made = await this.#poll(config, system);
      this.#directory?.start();
      return made;
    });
    await this.#start(polls);
  }

  async #start(polls: Polls): Promise<void> {
    await polls.start();
    if (this.#polls === polls) this.#ready = true;
  }

  /** Polls instead of before; the polls are still to be started. */
  async #poll(config: Config, system: SystemResolver): Promise<Polls> {
    await this.#stopPolls();
    const schedules = schedulesOf(config);
    const settings = estateSettings(config, system, schedules, this.#directory?.domains);
    this.#estate.configure(settings, this.#deps.clock.now());
    warnOfGaps(settings, this.#directory !== undefined, this.#deps.logger);
    const { clock, time, random, logger, store } = this.#deps;
    const rounds = createRounds({
      config,
      settings,
      schedules,
      estate: this.#estate,
      remember: async (sightings) => {
        await this.#recall();
        const seen = sightings.map((sighting) => ({ ...sighting, at: time.wallTime(sighting.at) }));
        await store.saveSightings(seen, time.wallTime(millis(clock.now() - LOOK_AFTER_MS)));
      },
      onLookup: (lookup) => this.#changes.lookedUp(lookup),
      onProbe: (probe) => this.#changes.probed(probe),
      clock,
      random,
    });
    const { resolve } = rounds;
    this.#winrm.resolveBy(resolve);
    this.#resolve = resolve;
    this.#liveProbe = createLiveProbe({ config, settings, estate: this.#estate, resolve, clock, random });
    const reports = await this.#reportPoll(config, schedules);
    const polls = createPolls({
      schedules,
      rounds,
      reports,
      history: (name) => this.#history(name),
      onRound: () => this.#onRound(),
      clock,
      wallClock: time.trusted,
      logger,
    });
    this.#polls = polls;
    await this.#readLogs(config);
    return polls;
  }

  /** Ends every poll and every subscription at once. */
  async stop(): Promise<void> {
    await Promise.all([this.#stopPolls(), this.#directory?.stop(), this.#logs?.stop()]);
    this.#winrm.close();
  }

  /**
   * Takes what a host said of itself: a push, or what the agent got by asking.
   * @param host one of its names
   */
  async acceptReport(host: HostName, report: HostReport): Promise<Result<undefined, ReportRefusal>> {
    const accepted = await acceptReport(host, report, {
      estate: this.#estate,
      ...this.#deps,
      isInDoubt: this.#deps.time.trusted.isInDoubt,
    });
    const name = this.#estate.reporting(host);
    if (name !== undefined && (accepted.ok || accepted.error.reason === 'store')) {
      this.#changes.reported(name, report.keys.length);
    }
    return accepted;
  }

  snapshot(): EstateSnapshot {
    return this.#estate.snapshot(this.#deps.clock.now());
  }

  /** What `/probe` works with; undefined before the first configuration. */
  get liveProbe(): LiveProbeContext | undefined {
    return this.#liveProbe;
  }

  loops(): readonly LoopSnapshot[] {
    return [...(this.#polls?.limits ?? []), ...(this.#directory?.limits ?? [])].map(([name, limit]) => {
      const { duration, lastEnd, skipped } = this.#history(name);
      return { name, duration, lastEnd, skipped, limit: inSeconds(limit) };
    });
  }

  /** What earlier runs remember, once the store can be read. */
  async #recall(): Promise<void> {
    if (this.#isRecalled) return;
    const sightings = await this.#deps.store.sightings();
    if (!sightings.ok) return;
    this.#estate.recall(sightings.value);
    this.#isRecalled = true;
  }

  async #stopPolls(): Promise<void> {
    const polls = this.#polls;
    this.#polls = undefined;
    await polls?.stop();
  }

  /** Loaded where a host is to be asked, as most agents have none. */
  async #reportPoll(config: Config, schedules: Schedules): Promise<ReportPoll | undefined> {
    if (!config.hosts.some(({ report }) => report !== undefined && report.push === undefined)) return undefined;
    const { ReportPoll } = await import('./report-poll.ts');
    const { clock, eventClock, random } = this.#deps;
    return new ReportPoll({
      config,
      winrm: this.#winrm,
      onReport: (host, report) => this.acceptReport(host, report),
      onFailure: (host, text) => {
        this.#changes.reportFailed(host, text);
        this.#estate.recordReportFailure(host, text, clock.now());
      },
      spread: spreadOf(schedules.reports),
      clock,
      eventClock,
      random,
    });
  }

  /** Loaded where there is one. */
  async #watchDirectory(config: Config, system: SystemResolver): Promise<DirectoryWatch | undefined> {
    const settings = config.inventory.directory;
    if (settings === undefined) return undefined;
    const { DirectoryWatch } = await import('./directory-watch.ts');
    const { store, time } = this.#deps;
    const forest = await store.forest();
    return new DirectoryWatch({
      ...this.#deps,
      config,
      settings,
      estate: this.#estate,
      domains: forest.ok ? forest.value : [],
      resolve: (host, signal) => this.#resolve(host, signal),
      changes: this.#changes,
      history: this.#history('directory'),
      onDomains: () => void this.#applying.do(() => this.#poll(config, system)).then((polls) => this.#start(polls)),
      onRound: () => this.#onRound(),
      wallClock: time.trusted,
    });
  }

  /** Subscriptions whose settings have not changed go on. */
  async #readLogs(config: Config): Promise<void> {
    if (this.#logs === undefined) {
      if (!config.hosts.some(({ activations }) => activations !== undefined)) return;
      const { LogReaders } = await import('./logs/log-readers.ts');
      this.#logs ??= new LogReaders({ ...this.#deps, estate: this.#estate, winrm: this.#winrm });
    }
    await this.#logs.apply(config);
  }

  #history(name: string): LoopHistory {
    const history = this.#histories.get(name) ?? new LoopHistory();
    this.#histories.set(name, history);
    return history;
  }
}
