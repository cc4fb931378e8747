import { hostname } from 'node:os';
import type { HoldOf } from '../conditions/open-conditions.ts';
import type { Snapshot } from '../conditions/snapshot.ts';
import type { ListenAddress } from '../config/listen-address.ts';
import type { Config } from '../config/schema.ts';
import type { SystemResolver } from '../discovery/resolv-conf.ts';
import { createMetricsPage } from '../exposition/page.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { millis } from '../kernel/time.ts';
import type { Links } from '../notify/links.ts';
import { Notifier } from '../notify/notifier.ts';
import { post } from '../notify/post.ts';
import { createReceivers } from '../notify/receiver.ts';
import { parseReport } from '../reports/parse-report.ts';
import type { StoreSettings } from '../store/settings.ts';
import { createApp } from '../web/app.ts';
import { Agent, type AgentDeps } from './agent.ts';
import { ConditionsWatch } from './conditions-watch.ts';
import { externalUrl } from './external-url.ts';
import { ingestSettings } from './ingest-settings.ts';
import { logsSnapshot, withoutMachines } from './logs-snapshot.ts';
import { namedProducts } from './named-products.ts';
import { outboxMemory } from './outbox-memory.ts';
import { storeSettings } from './store-settings.ts';
import { WebSide } from './web-side.ts';

export interface ServiceOptions {
  readonly config: Config;
  /** Reads the configuration again; what is wrong with it, for people, otherwise. */
  readonly load: () => Promise<Result<Config, string>>;
  /** Called when a configuration has been taken at a reload. */
  readonly onConfig: (config: Config) => void;
  /** Name servers and search list of the system, read again at every reload. */
  readonly system: () => Promise<SystemResolver>;
  /** The configuration as YAML, secrets hidden. */
  readonly print: (config: Config) => string;
  /** In place of `web.listen`, when the command line says so. */
  readonly listen: readonly ListenAddress[] | undefined;
  readonly version: string;
  /** In place of the catalogue's hold times: nobody waits an hour for a test. */
  readonly holdOf?: HoldOf;
  readonly deps: AgentDeps;
}

/** The agent and its web side together, on a configuration that can change. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #agent: Agent;
  readonly #web: WebSide;
  readonly #notifier: Notifier;
  readonly #conditions: ConditionsWatch;
  #config: Config;
  #storeSettings: StoreSettings;
  #reload = { successful: true, lastSuccess: millis(0) };
  #webFailed = false;
  /** Reloads one after the other; and whether the service is to end. */
  #last: Promise<unknown> = Promise.resolve();
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
      clock: deps.clock,
      store: deps.store,
      holdOf: options.holdOf,
    });
    const service: Service = new Service(options, agent, conditions);
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
    this.#agent = agent;
    this.#conditions = conditions;
    agent.onRound(() => this.#judge());
    conditions.onEvaluated((open) => void this.#notifier.update(open, deps.clock.now()));
    this.#reload = { successful: true, lastSuccess: deps.clock.now() };
    const { clock, random, logger } = deps;
    this.#notifier = new Notifier({ memory: outboxMemory(deps.store), clock, random, logger });
    const page = createMetricsPage(deps.logger);
    const app = createApp(
      {
        version,
        access: () => this.#web.access(),
        liveProbe: () => agent.liveProbe,
        count: async () => void (await deps.store.count()),
        metrics: (machines) => ({ contentType: page.contentType, body: page.render(this.#snapshot(machines)) }),
        estate: () => agent.snapshot(),
        logs: () => this.#snapshot(true).logs,
        leaseSettings: () => this.#storeSettings.leases,
        overview: (days) => deps.store.overview(days),
        conditions: () => conditions.open,
        links: () => this.#links(),
        store: () => deps.store,
        ingest: () => ingestSettings(this.#config),
        readReport: (octets) => parseReport(octets, namedProducts(this.#config)),
        acceptReport: (host, report) => agent.acceptReport(host, report),
        ready: () => agent.ready,
        configuration: () => print(this.#config),
        reload: () => this.reload(),
      },
      deps.logger,
    );
    this.#web = new WebSide({
      handler: async (request, response) => {
        await app.ready();
        app.routing(request, response);
      },
      listen: options.listen,
      onChange: () => void this.#afterLast(() => this.#reloadWeb()),
      logger: deps.logger,
      random: deps.random,
      clock: deps.clock,
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

  /**
   * Reads the configuration again and goes on with it; a bad one changes nothing.
   * @returns what is wrong with it, for people
   */
  reload(): Promise<Result<undefined, string>> {
    return this.#afterLast(() => this.#reloadNow());
  }

  /** Ends polls and listeners; answers under way get a moment. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#last;
    await Promise.all([this.#agent.stop(), this.#web.close(), this.#conditions.stop(), this.#notifier.stop()]);
  }

  /** Does one thing after the other. */
  #afterLast<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done;
    return done;
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
    const { logger, clock } = this.#options.deps;
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
    this.#reload = { successful: true, lastSuccess: clock.now() };
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

  #judge(): void {
    this.#conditions.countAndEvaluate().catch((error: unknown) => {
      this.#options.deps.logger.error({ err: error }, 'the conditions cannot be judged');
    });
  }

  /** Tells the receivers of a configuration instead of those of the one before. */
  #tell(config: Config): Promise<void> {
    return this.#notifier.configure(createReceivers(config.notify, post, this.#links()));
  }

  /** Where whoever reads a notification or a condition is led. */
  #links(): Links {
    return { pages: externalUrl(this.#web, hostname()) };
  }

  /** Begins to poll; the first rounds go on by themselves. */
  async #poll(config: Config): Promise<void> {
    const system = await this.#options.system();
    const applied = this.#agent.apply(config, system).then(() => this.#conditions.countAndEvaluate());
    applied.catch((error: unknown) => {
      this.#options.deps.logger.error({ err: error }, 'cannot start the polls');
    });
  }

  #snapshot(machines: boolean) {
    const { version, deps } = this.#options;
    const estate = this.#agent.snapshot();
    const logs = logsSnapshot(this.#config, deps.store.aggregates, deps.eventClock, estate);
    return {
      estate,
      logs: machines ? logs : withoutMachines(logs),
      agent: {
        build: { version, node: process.version.slice(1) },
        reload: { ...this.#reload, successful: this.#reload.successful && !this.#webFailed },
        loops: this.#agent.loops(),
        store: deps.store.state,
        receivers: this.#notifier.state(),
      },
    };
  }
}
