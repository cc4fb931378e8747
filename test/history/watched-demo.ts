import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { countsOf } from '../../src/agent/accept-report.ts';
import { buildInfo } from '../../src/agent/build-info.ts';
import { storeSettings } from '../../src/agent/store-settings.ts';
import type { AgentSnapshot, LoopSnapshot, ReceiverSnapshot } from '../../src/conditions/agent-snapshot.ts';
import type { OpenCondition } from '../../src/conditions/condition.ts';
import { OpenConditions } from '../../src/conditions/open-conditions.ts';
import { ReportedTotals } from '../../src/conditions/reported-totals.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import { holidaysBetween } from '../../src/demo/fleet/calendar.ts';
import { BRANCH_SITE } from '../../src/demo/fleet/demo-plan.ts';
import type { Fleet } from '../../src/demo/fleet/fleet.ts';
import { OFFICE_SITE, SERVER_SITE } from '../../src/demo/fleet/healthy-plan.ts';
import { seededRandom } from '../../src/demo/fleet/seeded-random.ts';
import { Estate } from '../../src/estate/estate.ts';
import type { ReportWay } from '../../src/estate/settings.ts';
import { createMetricsPage, type MetricsPage } from '../../src/exposition/page.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { DAY_S, HOUR_MS, HOUR_S, inMillis, inSeconds, MINUTE_S, millis, seconds } from '../../src/kernel/time.ts';
import { parseReport } from '../../src/reports/parse-report.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { answer, failure, probe, server, settings } from '../support/estate.ts';
import { readBack } from '../support/fleet.ts';
import { hostName } from '../support/host-name.ts';
import { applicationLog } from './application-log.ts';
import { IMPOSTOR, Mishaps, NAME_SERVERS, ODD_EXPECTED, ODD_RECORDS } from './mishaps.ts';

/** How each host of the demo is asked about itself, as in `src/demo/readings.ts`. */
const WAYS: ReadonlyMap<string, ReportWay> = new Map([
  [`kms01.${OFFICE_SITE}`, 'winrm'],
  [`kms05.${OFFICE_SITE}`, 'winrm'],
  [`kms01.${SERVER_SITE}`, 'command'],
  [`kms01.${BRANCH_SITE}`, 'push'],
]);
const SUBSCRIBED: readonly string[] = [`kms01.${OFFICE_SITE}`];

/** Between looks that are further apart than this, the loops have run once and not at each of their times. */
const TOO_FAR = 15 * MINUTE_S;
/** Records of so long are taken in at once where nobody looks. */
const AT_ONCE = 60 * DAY_S;
/** Longer than the widest gap between two looks. */
const FRESH = millis(12 * HOUR_MS);

const LOOPS = [
  { name: 'discovery', every: 5 * MINUTE_S, duration: 0.04 },
  { name: 'probe', every: MINUTE_S, duration: 1.2 },
  { name: 'impostor', every: HOUR_S, duration: 0.9 },
  { name: 'reports', every: 5 * MINUTE_S, duration: 2.4 },
] as const;

/** The agent's output at a moment. */
export interface Look {
  /** Seconds since the epoch. */
  readonly at: number;
  /** `/metrics`. */
  readonly page: string;
  readonly open: readonly OpenCondition[];
}

/**
 * The demo's estate, and the agent's own parts, which poll it, read its logs, judge it and write its metrics, all by a
 * clock that is moved on. DNS and the network are played; logs, reports and the rules of leases are those of the demo.
 */
export class WatchedDemo {
  readonly #fleet: Fleet;
  readonly #end: number;
  readonly #estate: Estate;
  readonly #engine: Engine;
  readonly #config;
  readonly #random = seededRandom('weather');
  readonly #open = new OpenConditions();
  readonly #totals = new ReportedTotals();
  readonly #page: MetricsPage = createMetricsPage(silentLogger);
  readonly #receivers = [
    { receiver: 'webhook ops-chat', delivered: 0, failed: 0 },
    { receiver: 'alertmanager am01.corp.example:9093', delivered: 0, failed: 0 },
  ];
  #skipped = 0;
  #records = 0;
  #now: number;

  /** @param end of the history, whole seconds since the epoch */
  constructor(fleet: Fleet, end: number) {
    this.#fleet = fleet;
    this.#end = end;
    this.#now = fleet.start;
    const { plan, start } = fleet;
    this.#config = ConfigSchema.parse({
      leases: { quiet_periods: holidaysBetween(plan.holiday, start, end + 400 * DAY_S) },
      store: { history: '500d' },
    });
    const hosts = [...WAYS].map(([name, report]) => {
      const isSubscribed = SUBSCRIBED.includes(name);
      return { name: hostName(name), aliases: [], port: 1688, report, isSubscribed };
    });
    this.#estate = new Estate(
      settings({
        domains: plan.sites.map((site) => ({
          name: hostName(site.domain),
          expectedHosts: [
            ...site.hosts.map(({ name }) => name),
            ...(site.domain === OFFICE_SITE ? ODD_EXPECTED : []),
          ].map(hostName),
        })),
        servers: NAME_SERVERS.map(server),
        hosts,
        names: hosts,
        limits: { discovery: FRESH, probe: FRESH, impostor: FRESH, reports: FRESH },
      }),
    );
    const database = new DatabaseSync(':memory:');
    migrate(database);
    this.#engine = new Engine(database, storeSettings(this.#config), seconds(start));
  }

  get now(): number {
    return this.#now;
  }

  /** Lets time pass without a look. @param until whole seconds since the epoch, after the present */
  skip(until: number): void {
    for (let now = this.#now; now < until; ) {
      now = Math.min(until, now + AT_ONCE);
      this.#read(now);
    }
  }

  /** Lets time pass, and looks. @param until whole seconds since the epoch, after the present */
  async look(until: number): Promise<Look> {
    const from = this.#now;
    this.#read(until);
    const step = until - from > TOO_FAR ? until - from : MINUTE_S;
    for (let at = from + step; at <= until; at += step) this.#poll(at, step);
    this.#ask(until);
    this.#engine.tick(seconds(until));
    const { thresholds, warn_margins, activations, leases } = this.#config;
    const estate = this.#estate.snapshot(inMillis(seconds(until)));
    const logs = {
      aggregates: this.#engine.aggregates(seconds(until)),
      now: seconds(until),
      thresholds,
      warnMargins: warn_margins,
      staleAfter: inSeconds(activations.stale_after),
      stalledLimit: leases.stalled,
      criticalWithin: inSeconds(leases.critical),
    };
    const snapshot = { estate, logs, agent: this.#agent(until) };
    if (this.#open.evaluate({ ...snapshot, risen: this.#totals.update(estate) }, inMillis(seconds(until))))
      this.#notify();
    return { at: until, page: await text(this.#page.render(snapshot)), open: this.#open.all };
  }

  #read(until: number): void {
    const from = this.#now;
    const written = [...this.#fleet.records(from, until), ...applicationLog(from, until, this.#end)];
    const records = readBack(written);
    const delivery = { source: 'http', unread: { ignored: 0, rejected: 0 } } as const;
    if (records.length > 0) this.#engine.ingest([{ ...delivery, records }], seconds(until));
    this.#records += records.length;
    this.#now = until;
  }

  /** The polls of a minute, or of a longer step. @param now seconds, as the step */
  #poll(now: number, step: number): void {
    const at = now * 1000;
    const mishaps = new Mishaps(this.#end - now);
    if (now % (5 * MINUTE_S) < step) this.#lookUp(now, mishaps);
    for (const { host } of this.#estate.targets(millis(at))) {
      const outcome = mishaps.outcomeOf(host, this.#fleet.isUp(host, now));
      this.#estate.recordProbe({ ...probe(at, host, outcome), ...this.#phases(host, outcome === 'ok') });
      if (outcome === 'ok')
        this.#estate.recordImpostorCheck({ host, port: 1688, at: millis(at), genuine: host !== IMPOSTOR });
    }
    if (this.#random.chance(0.001)) this.#skipped += 1;
  }

  #lookUp(now: number, mishaps: Mishaps): void {
    const at = now * 1000;
    const published = this.#fleet.published(now);
    for (const { domain } of this.#fleet.plan.sites) {
      const own = published.filter((record) => record.domain === domain);
      const records = own.map(({ host, priority }) => `${host}:1688/${priority}/0`);
      const all = domain === OFFICE_SITE ? [...records, ...ODD_RECORDS] : records;
      for (const from of NAME_SERVERS) {
        const reason = mishaps.lookupFailure(from) ?? this.#chanceFailure(mishaps);
        const lookup =
          reason === undefined
            ? answer(at, mishaps.publishedAt(from, all), { domain, from })
            : failure(at, reason, { domain, from });
        this.#estate.recordLookup({ ...lookup, duration: seconds(reason === 'timeout' ? 4 : this.#some(0.003)) });
      }
    }
  }

  #chanceFailure({ isDnsUnsteady }: Mishaps): 'servfail' | undefined {
    return isDnsUnsteady && this.#random.chance(0.002) ? 'servfail' : undefined;
  }

  #phases(host: string, reached: boolean) {
    const isSlow = host.startsWith('kms05.');
    const connect = reached ? this.#some(isSlow ? 0.04 : 0.002) : undefined;
    const bind = reached ? this.#some(isSlow ? 0.3 : 0.006) : undefined;
    return { phases: { resolve: this.#some(0.001), connect, bind } };
  }

  /** Around a usual value, with a tail above it. */
  #some(usual: number): number {
    return usual * (0.8 + 0.5 * this.#random.unit() ** 4 + 0.1 * this.#random.unit());
  }

  /** The hosts' own word. @param now seconds */
  #ask(now: number): void {
    const at = now * 1000;
    for (const host of WAYS.keys()) {
      const report = new Mishaps(this.#end - now).isReportLost ? undefined : this.#fleet.reportOf(host, now);
      if (report === undefined) this.#estate.recordReportFailure(hostName(host), 'it does not answer', millis(at));
      else this.#take(host, Buffer.from(JSON.stringify(report)), now);
    }
    for (const host of SUBSCRIBED) this.#estate.recordSubscriptionAnswer(hostName(host), millis(at));
  }

  #take(host: string, octets: Uint8Array, now: number): void {
    const parsed = parseReport(octets);
    if (!parsed.ok) throw new Error(`a report of the demo was not taken: ${parsed.error}`);
    const report = parsed.value;
    this.#estate.recordReport({
      host: hostName(host),
      report,
      at: inMillis(seconds(now)),
      asOf: inMillis(seconds(now)),
    });
    const counts = countsOf(report.keys);
    this.#engine.takeReports([
      { host: hostName(host), time: seconds(now), counts, activationInterval: report.activationInterval },
    ]);
  }

  #agent(now: number): AgentSnapshot {
    const isFailed = new Mishaps(this.#end - now).isReloadFailed;
    const lastSuccess = this.#end - 9.5 * DAY_S;
    return {
      build: buildInfo('0.1.0'),
      externalUrl: undefined,
      reload: { successful: !isFailed, lastSuccess: millis(Math.min(now, lastSuccess) * 1000) },
      loops: LOOPS.map((loop) => this.#loop(loop, now)),
      clock: { steps: 0, isStepped: false, behind: seconds(0), isInDoubt: false },
      store: { up: true, bytes: 200_000 + this.#records * 310 },
      receivers: this.#receivers.map((receiver): ReceiverSnapshot => ({ ...receiver, ...NOTHING })),
    };
  }

  #loop({ name, every, duration }: (typeof LOOPS)[number], now: number): LoopSnapshot {
    const last = { duration: this.#some(duration), lastEnd: millis((now - (now % every)) * 1000) };
    return { name, ...last, limit: seconds(3 * every), skipped: name === 'probe' ? this.#skipped : 0 };
  }

  #notify(): void {
    for (const receiver of this.#receivers) {
      receiver.delivered += 1;
      if (this.#random.chance(0.1)) receiver.failed += 1;
    }
  }
}

const NOTHING = { dropped: 0, lastDelivered: undefined, lastFailed: undefined } as const;

/** Of several keys of one pool, the smallest number. */
