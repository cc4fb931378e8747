import type { FastifyInstance } from 'fastify';
import type { Snapshot } from '../conditions/snapshot.ts';
import type { Config } from '../config/schema.ts';
import { secretSource } from '../config/secrets.ts';
import { createMetricsPage } from '../exposition/page.ts';
import { InTurn } from '../kernel/in-turn.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { millis, wholeSeconds } from '../kernel/time.ts';
import type { Links } from '../notify/links.ts';
import { Notifier } from '../notify/notifier.ts';
import { post } from '../notify/post.ts';
import { createReceivers } from '../notify/receiver.ts';
import { parseReport } from '../reports/parse-report.ts';
import type { StoreSettings } from '../store/settings.ts';
import { createApp } from '../web/app.ts';
import { Agent } from './agent.ts';
import { buildInfo } from './build-info.ts';
import { ConditionsWatch } from './conditions-watch.ts';
import { linksOf, publicPaths } from './external-url.ts';
import { FilesWatch } from './files-watch.ts';
import { HeardLogs } from './heard-logs.ts';
import { ingestSettings } from './ingest-settings.ts';
import { InventorySources } from './inventory-sources.ts';
import { logsHeard, logsSnapshot, withoutMachines } from './logs-snapshot.ts';
import { MonthKeeper } from './month-keeper.ts';
import { estateMoved, snapshotMoved } from './moved-times.ts';
import { namedProducts } from './named-products.ts';
import { outboxMemory } from './outbox-memory.ts';
import type { ServiceOptions } from './service-options.ts';
import { storeSettings } from './store-settings.ts';
import { WebSide } from './web-side.ts';

/** The agent and its web side together, on a configuration that can change. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #agent: Agent;
  readonly #app: FastifyInstance;
  readonly #web: WebSide;
  readonly #notifier: Notifier;
  readonly #conditions: ConditionsWatch;
  #config: Config;
  #storeSettings: StoreSettings;
  #reload = { successful: true, lastSuccess: millis(0) };
  #webFailed = false;
  readonly #files: FilesWatch;
  readonly #inventory: InventorySources;
  readonly #months: MonthKeeper;
  readonly #reloads = new InTurn();
  /** Whether the service is to end. */
  #stopped = false;

  /**
   * Listens, and begins to poll.
   * @returns the service before its first rounds have ended (`/-/ready` tells); or why it cannot listen
   */
  static async start(options: ServiceOptions): Promise<Result<Service, string>> {
    const { deps } = options;
    const agent = await Agent.create(deps);
    const conditions = await ConditionsWatch.create({
      snapshot: (): Snapshot | undefined => (agent.ready ? service.#snapshot(true) : undefined),
      count: () => deps.store.count(),
      ...deps,
      wallTime: (at) => deps.time.wallTime(at),
      hurry: options.hurry,
    });
    const service: Service = new Service(options, agent, conditions);
    await service.#app.ready();
    const listening = await service.#web.follow(options.config);
    if (!listening.ok) return listening;
    await service.#tell(options.config);
    await service.#poll(options.config);
    conditions.start();
    return ok(service);
  }

  private constructor(options: ServiceOptions, agent: Agent, conditions: ConditionsWatch) {
    const { config, deps, version, print } = options;
    this.#options = options;
    this.#config = config;
    this.#storeSettings = storeSettings(config);
    this.#files = new FilesWatch(deps.logger);
    this.#inventory = new InventorySources(deps.store, deps.logger, () => wholeSeconds(deps.eventClock.now()));
    this.#agent = agent;
    this.#conditions = conditions;
    agent.onRound(() => void conditions.countAndEvaluate().catch(this.#logs('the conditions cannot be judged')));
    const logs = () => this.#snapshot(true).logs;
    this.#months = new MonthKeeper({ store: deps.store, logs, clock: deps.time.trusted, logger: deps.logger });
    conditions.onEvaluated((open) => void this.#months.take(open));
    const heard = new HeardLogs(deps.store);
    conditions.onEvaluated(() => {
      const { now, staleAfter } = logs();
      void heard.take(logsHeard(agent.snapshot(), now), staleAfter);
    });
    conditions.onEvaluated((open) => void this.#notifier.update(open, deps.time.trusted.now()));
    this.#reload = { successful: true, lastSuccess: deps.time.trusted.now() };
    this.#notifier = new Notifier({ ...deps, memory: outboxMemory(deps.store), wallClock: deps.time.trusted });
    const page = createMetricsPage(deps.logger);
    this.#app = createApp(
      {
        version,
        access: () => this.#web.access(),
        liveProbe: () => agent.liveProbe,
        count: async () => void (await deps.store.count()),
        metrics: (machines, format) =>
          page.render(snapshotMoved(this.#snapshot(machines), deps.time.shiftForScrapes), format),
        estate: () => estateMoved(agent.snapshot(), deps.time.shift),
        logs: () => this.#snapshot(true).logs,
        leaseSettings: () => this.#storeSettings.leases,
        overview: (days) => deps.store.overview(days),
        conditions: () => conditions.open,
        publicPaths: () => publicPaths(this.#config),
        links: () => this.#links(),
        store: () => deps.store,
        ingest: () => ingestSettings(this.#config),
        inventory: () => ({
          token: secretSource(this.#config.inventory.token, this.#config.inventory.token_file),
          now: () => wholeSeconds(deps.eventClock.now()),
        }),
        readReport: (octets) => parseReport(octets, namedProducts(this.#config)),
        acceptReport: (host, report) => agent.acceptReport(host, report),
        ready: () => agent.ready,
        configuration: () => print(this.#config),
        reload: () => this.reload(),
      },
      deps.logger,
    );
    this.#web = new WebSide({
      handler: (request, response) => this.#app.routing(request, response),
      onChange: () => void this.#reloads.do(() => this.#reloadWeb()),
      ...deps,
    });
  }

  /** Where the web side listens. */
  get addresses(): readonly string[] {
    return this.#web.addresses;
  }

  /** `http` or `https`. */
  get scheme(): string {
    return this.#web.scheme;
  }

  /** Reads the configuration again; a bad one changes nothing. @returns what is wrong with it, for people */
  reload(): Promise<Result<undefined, string>> {
    return this.#reloads.do(() => this.#reloadNow());
  }

  /** Ends polls and listeners; answers under way get a moment. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#files.stop();
    this.#inventory.stop();
    this.#months.stop();
    await this.#reloads.idle;
    await Promise.all([this.#agent.stop(), this.#web.close(), this.#conditions.stop(), this.#notifier.stop()]);
  }

  /** Certificates and passwords alone: no poll is disturbed. */
  async #reloadWeb(): Promise<void> {
    if (this.#stopped) return;
    const { logger } = this.#options.deps;
    const followed = await this.#web.follow(this.#config);
    this.#webFailed = !followed.ok;
    if (followed.ok) {
      // With TLS, links lead elsewhere than without.
      await this.#tell(this.#config);
      logger.info({}, 'web configuration reloaded');
    } else logger.error({ error: followed.error }, 'web configuration rejected, keeping the old one');
  }

  async #reloadNow(): Promise<Result<undefined, string>> {
    if (this.#stopped) return err('the agent is stopping');
    const { logger, time } = this.#options.deps;
    const config = await this.#loadAndListen();
    if (!config.ok) {
      this.#reload = { ...this.#reload, successful: false };
      logger.error({ error: config.error }, 'configuration rejected, keeping the old one');
      return config;
    }
    this.#config = config.value;
    this.#storeSettings = storeSettings(config.value);
    this.#webFailed = false;
    this.#options.onConfig(config.value);
    this.#reload = { successful: true, lastSuccess: time.trusted.now() };
    const derived = await this.#options.deps.store.configure(this.#storeSettings);
    if (!derived.ok) logger.error({ error: derived.error.text }, 'the store cannot apply the configuration');
    await this.#tell(config.value);
    await this.#poll(config.value);
    logger.info({}, 'configuration reloaded');
    return ok(undefined);
  }

  async #loadAndListen(): Promise<Result<Config, string>> {
    const config = await this.#options.load();
    if (!config.ok) return config;
    const listening = await this.#web.follow(config.value);
    return listening.ok ? config : listening;
  }

  #logs(text: string): (error: unknown) => void {
    return (error) => this.#options.deps.logger.error({ err: error }, text);
  }

  /** Tells the receivers of a configuration, and looks after its files, instead of those of the one before. */
  #tell(config: Config): Promise<void> {
    this.#files.follow(config);
    this.#inventory.follow(config);
    return this.#notifier.configure(createReceivers(config.notify, post, this.#links()));
  }

  /** Where links in notifications and conditions lead. */
  #links(): Links {
    return linksOf(this.#config, this.#web);
  }

  /** Begins to poll; the first rounds go on by themselves. */
  async #poll(config: Config): Promise<void> {
    const system = await this.#options.system();
    const applied = this.#agent.apply(config, system).then(() => this.#conditions.countAndEvaluate());
    applied.catch(this.#logs('cannot start the polls'));
  }

  #snapshot(machines: boolean) {
    const { version, deps } = this.#options;
    const estate = this.#agent.snapshot();
    const { aggregates, machineCounts } = deps.store;
    const inventory = this.#inventory.states(machineCounts, estate);
    const logs = logsSnapshot(this.#config, aggregates, deps.eventClock, estate, machineCounts, inventory);
    return {
      estate,
      logs: machines ? logs : withoutMachines(logs),
      agent: {
        build: buildInfo(version),
        externalUrl: this.#config.web.external_url,
        reload: { ...this.#reload, successful: this.#reload.successful && !this.#webFailed && !this.#files.hasTrouble },
        loops: this.#agent.loops(),
        clock: deps.time.state,
        store: deps.store.state,
        receivers: this.#notifier.state(),
      },
    };
  }
}
