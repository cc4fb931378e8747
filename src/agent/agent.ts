import type { LoopSnapshot } from '../conditions/agent-snapshot.ts';
import type { Config } from '../config/schema.ts';
import type { SystemResolver } from '../discovery/resolv-conf.ts';
import { Estate } from '../estate/estate.ts';
import { type EstateSettings, LOOK_AFTER_MS } from '../estate/settings.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Random } from '../kernel/random.ts';
import type { Result } from '../kernel/result.ts';
import { inSeconds, millis } from '../kernel/time.ts';
import type { HostReport } from '../reports/types.ts';
import type { Store } from '../store/store.ts';
import type { LiveProbeContext } from '../web/probe/live-probe-context.ts';
import type { ReportRefusal } from '../web/web-backend.ts';
import { acceptReport } from './accept-report.ts';
import { ChangeLog } from './change-log.ts';
import { estateSettings } from './estate-settings.ts';
import { createLiveProbe } from './live-probe.ts';
import type { LogReaders } from './logs/log-readers.ts';
import { LoopHistory } from './loop.ts';
import { createPolls, type Polls } from './polls.ts';
import type { ReportPoll } from './report-poll.ts';
import { createRounds } from './rounds.ts';
import { type Schedules, schedulesOf, spreadOf } from './schedule.ts';
import { WinrmAccess } from './winrm-access.ts';

/** Before the first configuration. */
const NOTHING: EstateSettings = {
  domains: [],
  servers: [],
  hosts: [],
  names: [],
  search: [],
  limits: { discovery: millis(0), probe: millis(0), impostor: millis(0), reports: millis(0) },
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
    await this.#stopPolls();
    const schedules = schedulesOf(config);
    const settings = estateSettings(config, system, schedules);
    this.#estate.configure(settings, this.#deps.clock.now());
    warnOfGaps(settings, this.#deps.logger);
    const { clock, random, logger, store } = this.#deps;
    const rounds = createRounds({
      config,
      settings,
      schedules,
      estate: this.#estate,
      remember: (sightings) => store.saveSightings(sightings, millis(clock.now() - LOOK_AFTER_MS)),
      onLookup: (lookup) => this.#changes.lookedUp(lookup),
      onProbe: (probe) => this.#changes.probed(probe),
      clock,
      random,
    });
    const { resolve } = rounds;
    this.#winrm.resolveBy(resolve);
    this.#liveProbe = createLiveProbe({ config, settings, estate: this.#estate, resolve, clock, random });
    const reports = await this.#reportPoll(config, schedules);
    const polls = createPolls({
      schedules,
      rounds,
      reports,
      history: (name) => this.#history(name),
      onRound: () => this.#onRound(),
      clock,
      logger,
    });
    this.#polls = polls;
    await this.#readLogs(config);
    await polls.start();
    if (this.#polls === polls) this.#ready = true;
  }

  /** Ends every poll and every subscription at once. */
  async stop(): Promise<void> {
    await Promise.all([this.#stopPolls(), this.#logs?.stop()]);
    this.#winrm.close();
  }

  /**
   * Takes what a host said of itself: a push, or what the agent got by asking.
   * @param host one of its names
   */
  async acceptReport(host: HostName, report: HostReport): Promise<Result<undefined, ReportRefusal>> {
    const accepted = await acceptReport(host, report, { estate: this.#estate, ...this.#deps });
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
    return [...(this.#polls?.limits ?? [])].map(([name, limit]) => {
      const { duration, lastEnd, skipped } = this.#history(name);
      return { name, duration, lastEnd, skipped, limit: inSeconds(limit) };
    });
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
    const { clock, random } = this.#deps;
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
      random,
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

function warnOfGaps({ domains, servers, hosts }: EstateSettings, logger: Logger): void {
  if (domains.length > 0 && servers.length === 0) {
    logger.warn({}, 'there is no name server to query: set discovery.servers');
  }
  if (domains.length === 0 && hosts.length === 0) {
    logger.warn({}, 'there is nothing to watch: set discovery.domains or hosts');
  }
}
