import { DatabaseSync } from 'node:sqlite';
import { countsOf } from '../../src/agent/accept-report.ts';
import { storeSettings } from '../../src/agent/store-settings.ts';
import type { OpenCondition } from '../../src/conditions/condition.ts';
import { OpenConditions } from '../../src/conditions/open-conditions.ts';
import { ReportedTotals } from '../../src/conditions/reported-totals.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import { holidaysBetween } from '../../src/demo/fleet/calendar.ts';
import type { Fleet } from '../../src/demo/fleet/fleet.ts';
import { Estate } from '../../src/estate/estate.ts';
import type { EstateSnapshot } from '../../src/estate/snapshot.ts';
import { DAY_S, HOUR_MS, HOUR_S, inMillis, inSeconds, millis, type Seconds, seconds } from '../../src/kernel/time.ts';
import type { ProbeOutcome } from '../../src/probe/types.ts';
import type { HostReport } from '../../src/reports/types.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import type { MachineCounts } from '../../src/store/machines/machine-types.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { answer, probe, server, settings } from '../support/estate.ts';
import { readBack } from '../support/fleet.ts';
import { hostName } from '../support/host-name.ts';
import { withHosts } from '../support/host-snapshot.ts';
import { joinMachines } from '../support/join-machines.ts';
import { listed } from './fleet-list.ts';
import { readReport } from './fleet-report.ts';

const FIRST = '10.0.0.53';
const SECOND = '10.0.1.53';

/** What the agent has beside the hosts. */
export interface Sources {
  /** A list of all machines once a day, with when each was last on. */
  readonly list: boolean;
  /** Once a day, the licence rows of the machines that the directory activates. */
  readonly words?: boolean | undefined;
  /** The day of the move in `leases.migrating`. */
  readonly migratingFromDay?: number;
}

export const NO_SOURCES: Sources = { list: false };

/** The alert about machines waits for a day. */
const JOINED_EVERY = 6 * HOUR_S;

/** Longer than anything is simulated. */
const LONG = 1000 * DAY_S;

/** A simulated organisation and the agent's own parts, which poll it, read its logs and judge it by its clock. */
export class WatchedFleet {
  readonly #fleet: Fleet;
  readonly #estate: Estate;
  readonly #database = new DatabaseSync(':memory:');
  readonly #engine: Engine;
  readonly #sources: Sources;
  readonly #config;
  readonly #open = new OpenConditions();
  readonly #totals = new ReportedTotals();
  #now: number;
  #listedAt = 0;
  #machines: MachineCounts | undefined;

  constructor(fleet: Fleet, sources = NO_SOURCES) {
    this.#fleet = fleet;
    this.#sources = sources;
    this.#now = fleet.start;
    const { plan, start } = fleet;
    this.#config = ConfigSchema.parse({
      leases: { quiet_periods: holidaysBetween(plan.holiday, start, start + LONG), ...migrating(start, sources) },
      store: { history: '1000d' },
      // Real hosts report every 5 minutes; here they do at each look.
      reports: { stale_after: '5h' },
    });
    this.#estate = new Estate(
      settings({
        domains: [
          ...plan.sites.map(({ domain, hosts }) => ({
            name: hostName(domain),
            expectedHosts: hosts.map(({ name }) => hostName(name)),
          })),
          ...branchesOf(fleet).map((domain) => ({ name: hostName(domain), expectedHosts: undefined })),
        ],
        servers: [server(FIRST), server(SECOND)],
        limits: {
          discovery: millis(3 * HOUR_MS),
          probe: millis(3 * HOUR_MS),
          impostor: millis(3 * HOUR_MS),
          reports: millis(5 * HOUR_MS),
        },
      }),
    );
    migrate(this.#database);
    this.#engine = new Engine(this.#database, storeSettings(this.#config), seconds(start));
  }

  /** Days since the start. */
  get day(): number {
    return (this.#now - this.#fleet.start) / DAY_S;
  }

  /** Lets this many seconds pass without a look. */
  skip(span: number): void {
    this.#read(this.#now + span);
  }

  /** Lets this many seconds pass, and judges. */
  look(span: number): readonly OpenCondition[] {
    this.#read(this.#now + span);
    const now = seconds(this.#now);
    const reports = this.#reports();
    this.#engine.tick(now);
    const estate = this.#poll(reports);
    const { thresholds, warn_margins, activations, leases } = this.#config;
    const logs = {
      aggregates: this.#engine.aggregates(now),
      machines: this.#machinesAt(now),
      now,
      thresholds,
      warnMargins: warn_margins,
      staleAfter: inSeconds(activations.stale_after),
      stalledLimit: leases.stalled,
      criticalWithin: inSeconds(leases.critical),
    };
    this.#open.evaluate({ estate, logs, agent: undefined, risen: this.#totals.update(estate) }, inMillis(now));
    return this.#open.all.filter(({ firing }) => firing);
  }

  #read(until: number): void {
    const records = readBack([...this.#fleet.records(this.#now, until)]);
    const delivery = { source: 'http', unread: { ignored: 0, rejected: 0 } } as const;
    if (records.length > 0) this.#engine.ingest([{ ...delivery, records }], seconds(until));
    this.#now = until;
    if (until >= this.#listedAt + DAY_S) this.#list(until);
  }

  #machinesAt(now: Seconds): MachineCounts | undefined {
    if (!this.#sources.list) return undefined;
    if (this.#machines === undefined || now >= this.#machines.asOf + JOINED_EVERY)
      this.#machines = joinMachines(this.#database, storeSettings(this.#config), now);
    return this.#machines;
  }

  #list(time: number): void {
    this.#listedAt = time;
    // Those that push say daily that their log is read, however quiet it is.
    const hosts = this.#fleet.plan.sites.flatMap((site) => site.hosts);
    const pushing = hosts.filter(({ name, trouble }) => this.#fleet.isUp(name, time) && trouble?.kind !== 'log_lost');
    this.#engine.takeHeard(pushing.map(({ name }) => ({ host: hostName(name), time: seconds(time) })));
    const { list, words } = this.#sources;
    const machines = this.#fleet.listed(time).map((machine) => listed(machine, words === true));
    const told = list ? machines : machines.filter(({ licences }) => licences.length > 0);
    if (told.length === 0) return;
    const part = { source: list ? 'machines.csv' : 'licences.csv', readAt: seconds(time), total: told.length };
    this.#engine.takeInventoryPart({ ...part, machines: told });
  }

  #reports(): ReadonlyMap<string, HostReport> {
    const hosts = this.#fleet.plan.sites.flatMap((site) => site.hosts.map(({ name }) => hostName(name)));
    const reports = hosts.flatMap((host) => {
      const report = this.#fleet.reportOf(host, this.#now);
      return report === undefined ? [] : [[host, readReport(report)] as const];
    });
    for (const [host, { keys }] of reports) {
      const counts = countsOf(keys);
      this.#engine.takeReports([
        { host: hostName(host), time: seconds(this.#now), counts, activationInterval: undefined },
      ]);
    }
    return new Map(reports);
  }

  /** One that it has a report of, and no other that DNS names. */
  #isOwn(name: string): boolean {
    return this.#fleet.plan.sites.some(({ hosts }) => hosts.some((host) => host.name === name));
  }

  #lookUp(from: string, published: ReturnType<Fleet['published']>): void {
    const at = this.#now * 1000;
    // A domain of a branch is there once it publishes something.
    const domains = [...this.#fleet.plan.sites.map(({ domain }) => domain), ...published.map(({ domain }) => domain)];
    for (const domain of new Set(domains)) {
      const names = published.filter((record) => record.domain === domain);
      const records = names.map(({ host, priority }) => `${host}:1688/${priority}/0`);
      this.#estate.recordLookup(answer(at, records, { domain, from }));
    }
  }

  #outcome(host: string): ProbeOutcome {
    if (!this.#fleet.isAnswered(host, this.#now)) return 'lookup_failed';
    return this.#fleet.isUp(host, this.#now) ? 'ok' : 'filtered';
  }

  #poll(reports: ReadonlyMap<string, HostReport>): EstateSnapshot {
    const at = this.#now * 1000;
    this.#lookUp(FIRST, this.#fleet.published(this.#now));
    this.#lookUp(SECOND, this.#fleet.publishedBySecond(this.#now));
    for (const { host } of this.#estate.targets(millis(at))) {
      this.#estate.recordProbe(probe(at, host, this.#outcome(host)));
      this.#estate.recordImpostorCheck({ host, port: 1688, at: millis(at), genuine: true });
    }
    const snapshot = this.#estate.snapshot(millis(at));
    return withHosts(
      snapshot,
      Object.fromEntries(
        snapshot.hosts.map(({ host }) => {
          const last = reports.get(host);
          if (!this.#isOwn(host)) return [host, {}];
          return [host, { report: { up: last !== undefined, failure: undefined, fresh: last, last } }];
        }),
      ),
    );
  }
}

/** Domains that begin to publish a host of others. */
function branchesOf({ plan: { dns } }: Fleet): readonly string[] {
  return dns?.kind === 'unresolved' ? dns.domains : [];
}

function migrating(start: number, { migratingFromDay }: Sources) {
  if (migratingFromDay === undefined) return {};
  const since = new Date((start + migratingFromDay * DAY_S) * 1000).toISOString().slice(0, 10);
  return { migrating: { to: 'directory', since } };
}
