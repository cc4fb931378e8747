import { readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { AgentTime } from '../../src/agent/agent-time.ts';
import { ConditionsWatch } from '../../src/agent/conditions-watch.ts';
import { exclusive, Loop, LoopHistory } from '../../src/agent/loop.ts';
import type { AgentSnapshot } from '../../src/conditions/agent-snapshot.ts';
import { TURN_OF_THE_YEAR } from '../../src/demo/fleet/calendar.ts';
import { createFleet, type Fleet } from '../../src/demo/fleet/fleet.ts';
import type { FleetPlan } from '../../src/demo/fleet/plan.ts';
import type { Estate } from '../../src/estate/estate.ts';
import { createMetricsPage } from '../../src/exposition/page.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { err, ok } from '../../src/kernel/result.ts';
import { MINUTE_MS, millis, seconds, wholeSeconds } from '../../src/kernel/time.ts';
import { TrustedClock } from '../../src/kernel/trusted-clock.ts';
import { Notifier } from '../../src/notify/notifier.ts';
import type { OutboxEntry } from '../../src/notify/outbox.ts';
import type { Receiver } from '../../src/notify/receiver.ts';
import { openForWriting } from '../../src/store/database/database.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { DEFAULT_SETTINGS } from '../store/default-settings.ts';
import { answer, estate, probe, server } from '../support/estate.ts';
import { readBack } from '../support/fleet.ts';
import { heapInUse } from '../support/heap.ts';
import { hostName } from '../support/host-name.ts';
import { records as logsOf } from '../support/records.ts';
import { snapshotWith } from '../support/snapshot.ts';

/** What is said of the agent matters nowhere here. */
const AGENT: AgentSnapshot = {
  build: { version: '0', revision: '0', node: '0', platform: 'linux', arch: 'x64' },
  externalUrl: undefined,
  reload: { successful: true, lastSuccess: millis(0) },
  loops: [],
  clock: { steps: 0, behind: 0 } as unknown as AgentSnapshot['clock'],
  store: undefined,
  receivers: [],
};

const SERVERS = ['10.0.0.53', '10.0.1.53'];

export interface SoakSize {
  /** Domains with two hosts each. */
  readonly domains: number;
  /** Of each domain. */
  readonly machines: number;
}

/** What an agent holds at a moment. */
export interface Held {
  /** Octets on the heap after it was collected. */
  readonly heap: number;
  readonly descriptors: number;
  readonly records: number;
  /** Octets of the database for each record. */
  readonly perRecord: number;
}

function planOf({ domains, machines }: SoakSize): FleetPlan {
  const names = Array.from({ length: domains }, (_, index) => `d${index}.example`);
  return {
    holiday: TURN_OF_THE_YEAR,
    sites: names.map((domain) => ({
      domain,
      hosts: [0, 10].map((priority) => ({
        name: `kms${priority}.${domain}`,
        story: 'is one of two',
        priority,
        keys: ['windows2022', 'office2021'],
      })),
    })),
    groups: names.map((site, index) => ({
      name: site,
      story: 'renew in office hours',
      site,
      prefix: `w${index}-`,
      size: machines,
      rhythm: 'office',
      products: ['windowsEnterprise', 'office2021'],
    })),
  };
}

/**
 * The loops, the store, the conditions, the notifier and the scrapes of an agent on the clock of the tests, over an estate
 * in which name servers, hosts and a receiver come and go.
 */
export class SoakWorld {
  readonly #fleet: Fleet;
  readonly #clock: TrustedClock;
  readonly #time: AgentTime;
  readonly #estate: Estate;
  readonly #database;
  readonly #engine: Engine;
  readonly #loops: Loop[] = [];
  readonly #kept = new Map<string, Map<string, OutboxEntry>>();
  readonly #page = createMetricsPage(silentLogger);
  #watch: ConditionsWatch | undefined;
  #notifier: Notifier | undefined;
  #driver: NodeJS.Timeout | undefined;
  #scraper: NodeJS.Timeout | undefined;
  #sentUntil: number;
  #lines: readonly string[] = [];
  /** Messages that the receiver took, and scrapes. */
  delivered = 0;
  scrapes = 0;

  /** @param path of the database, which is not there yet */
  constructor(path: string, size: SoakSize) {
    this.#clock = new TrustedClock({
      now: () => millis(Date.now()),
      monotonic: () => millis(performance.now()),
      boot: '',
    });
    this.#time = new AgentTime(this.#clock);
    this.#sentUntil = wholeSeconds(this.#clock.now());
    this.#fleet = createFleet({ seed: 'soak', start: this.#sentUntil, plan: planOf(size) });
    this.#estate = estate({
      domains: this.#fleet.plan.sites.map(({ domain }) => ({ name: hostName(domain), expectedHosts: undefined })),
      servers: SERVERS.map(server),
    });
    this.#database = openForWriting(path);
    migrate(this.#database);
    this.#engine = new Engine(this.#database, DEFAULT_SETTINGS, seconds(this.#sentUntil));
  }

  async start(): Promise<void> {
    const loop = async (name: string, schedule: string, work: () => void) => {
      const one = new Loop({
        ...{ name, schedule, history: new LoopHistory(), logger: silentLogger },
        round: exclusive(async () => work()),
        clock: this.#time.steady,
        wallClock: this.#clock,
      });
      this.#loops.push(one);
      await one.start();
    };
    await loop('discovery', '*/5 * * * *', () => this.#discover());
    await loop('probe', '* * * * *', () => this.#probe());
    await loop('impostor', '17 * * * *', () => this.#lookAgain());
    this.#watch = await ConditionsWatch.create({
      snapshot: () => this.#snapshot(),
      clock: this.#time.steady,
      wallTime: (at) => this.#time.wallTime(at),
      store: {
        openConditions: async () => ok(this.#lines),
        saveOpenConditions: async (lines) => {
          this.#lines = lines;
          return ok(undefined);
        },
      },
    });
    this.#notifier = new Notifier({
      memory: this.#outbox(),
      clock: this.#time.steady,
      wallClock: this.#clock,
      random: { int: () => 0, bytes: () => new Uint8Array() },
      logger: silentLogger,
    });
    await this.#notifier.configure([this.#receiver('steady', () => true), this.#receiver('away', () => this.#isDay)]);
    this.#watch.onEvaluated((open) => void this.#notifier?.update(open, this.#clock.now()));
    this.#watch.start();
    this.#driver = setInterval(() => this.#drive(), MINUTE_MS);
    this.#scraper = setInterval(() => void this.#scrape(), MINUTE_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#driver);
    clearInterval(this.#scraper);
    await Promise.all([this.#watch?.stop(), this.#notifier?.stop(), ...this.#loops.map((one) => one.stop())]);
    this.#database.close();
  }

  held(): Held {
    while (this.#engine.state.hasRowsToMerge) this.#engine.mergeRows();
    const number = (sql: string) => Number(Object.values(this.#database.prepare(sql).get() ?? {})[0]);
    const records = number('SELECT count(*) FROM records');
    const used = number('PRAGMA page_count') - number('PRAGMA freelist_count');
    return {
      heap: heapInUse(),
      descriptors: readdirSync('/proc/self/fd').length,
      records,
      perRecord: (used * number('PRAGMA page_size')) / records,
    };
  }

  get #minute(): number {
    return Math.floor(this.#time.steady.now() / MINUTE_MS);
  }

  get #isDay(): boolean {
    return this.#minute % 1440 > 720;
  }

  #snapshot() {
    const now = this.#clock.now();
    const logs = { ...logsOf(now / 1000), aggregates: this.#engine.aggregates(wholeSeconds(now)) };
    return snapshotWith(this.#estate.snapshot(this.#time.steady.now()), { logs, agent: undefined });
  }

  /** Each minute: what hosts sent meanwhile, and the tick of the store. */
  #drive(): void {
    const now = wholeSeconds(this.#clock.now());
    const records = readBack([...this.#fleet.records(this.#sentUntil, now)]);
    this.#sentUntil = now;
    this.#clock.hear(records);
    // Each batch a second time, as shippers do that lost an answer.
    const delivery = { source: 'http', records, unread: { ignored: 0, rejected: 0 } } as const;
    if (records.length > 0) this.#engine.ingest([delivery, delivery], now);
    const proven = this.#engine.tick(now, this.#clock.tick());
    if (proven !== undefined) while (this.#engine.groom(proven));
  }

  async #scrape(): Promise<void> {
    const page = await text(this.#page.render({ ...this.#snapshot(), agent: AGENT }));
    if (page.includes('kms_leases{')) this.scrapes += 1;
  }

  /** A name server is silent for ten minutes of each hour. */
  #discover(): void {
    const at = this.#time.steady.now();
    const isSilent = this.#minute % 60 < 10;
    const published = Map.groupBy(this.#fleet.published(this.#sentUntil), ({ domain }) => domain);
    for (const [domain, hosts] of published) {
      const records = hosts.map(({ host, priority }) => `${host}:1688/${priority}/0`);
      for (const from of isSilent ? SERVERS.slice(1) : SERVERS) {
        this.#estate.recordLookup(answer(at, records, { domain, from }));
      }
    }
  }

  /** Each host is down for some minutes of each three hours, one after the other. */
  #probe(): void {
    const at = this.#time.steady.now();
    for (const [index, { host, port }] of this.#estate.probeTargets(at).entries()) {
      const isDown = (this.#minute + index * 7) % 180 < 12;
      this.#estate.recordProbe(probe(at, host, isDown ? 'filtered' : 'ok', port));
    }
  }

  #lookAgain(): void {
    const at = this.#time.steady.now();
    for (const { endpoint } of this.#estate.hostsThatAnswer(at)) {
      this.#estate.recordImpostorCheck({ ...endpoint, at, genuine: true });
    }
  }

  #receiver(key: string, isThere: () => boolean): Receiver {
    return {
      ...{ key, name: key, max: 100, resendAfter: MINUTE_MS },
      deliver: async (alerts) => {
        if (!isThere()) return err({ text: 'it is away', retryAfter: undefined });
        this.delivered += alerts.length;
        return ok(undefined);
      },
    };
  }

  #outbox() {
    const kept = this.#kept;
    return {
      load: async () => new Map<string, OutboxEntry[]>(),
      save: async (key: string, put: readonly OutboxEntry[], drop: readonly string[]) => {
        const rows = kept.get(key) ?? new Map<string, OutboxEntry>();
        for (const entry of put) rows.set(entry.alert.fingerprint, entry);
        for (const fingerprint of drop) rows.delete(fingerprint);
        kept.set(key, rows);
        return true;
      },
      keep: async () => {},
    };
  }
}
