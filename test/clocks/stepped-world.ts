import type { DatabaseSync } from 'node:sqlite';
import { AgentTime } from '../../src/agent/agent-time.ts';
import { ConditionsWatch } from '../../src/agent/conditions-watch.ts';
import { exclusive, Loop, LoopHistory } from '../../src/agent/loop.ts';
import type { OpenCondition } from '../../src/conditions/condition.ts';
import type { Estate } from '../../src/estate/estate.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { ok } from '../../src/kernel/result.ts';
import { DAY_S, HOUR_MS, inMillis, MINUTE_MS, type Millis, millis, wholeSeconds } from '../../src/kernel/time.ts';
import { type ClockSource, TrustedClock } from '../../src/kernel/trusted-clock.ts';
import { type Alert, isResolved } from '../../src/notify/alert.ts';
import { Notifier } from '../../src/notify/notifier.ts';
import type { OutboxEntry } from '../../src/notify/outbox.ts';
import type { Receiver } from '../../src/notify/receiver.ts';
import { readMeta } from '../../src/store/database/meta.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { DEFAULT_SETTINGS } from '../store/default-settings.ts';
import { memoryDatabase, requestRecord } from '../store/store-in-memory.ts';
import { estate, probe } from '../support/estate.ts';
import { hostName } from '../support/host-name.ts';
import { records } from '../support/records.ts';
import { snapshotWith } from '../support/snapshot.ts';

/** A record of some client comes so often. */
const RECORD_EVERY = 7 * MINUTE_MS;

const HOSTS = ['kms01', 'kms02'].map((name) => ({ name: hostName(name), aliases: [], port: 1688 }));

/** What one run of the agent is made of. */
interface Run {
  readonly clock: TrustedClock;
  readonly engine: Engine;
  readonly watch: ConditionsWatch;
  readonly notifier: Notifier;
  readonly loop: Loop;
}

/**
 * The parts of an agent that depend on the time, on the clock of the tests: a loop of probes, the conditions, the notifier
 * and the writer's engine. The true time passes by the timers; the clock of the system is off by what a test says.
 */
export class SteppedWorld {
  /** Milliseconds by which the system's clock is wrong. */
  off = 0;
  /** True times at which the loop probed, and whether it was the first probe of a run. */
  readonly polls: { readonly at: number; readonly isFirst: boolean }[] = [];
  /** What a receiver heard of, and a receiver that hears of all again each minute. */
  readonly told: string[] = [];
  readonly resent: number[] = [];
  readonly #database: DatabaseSync = memoryDatabase();
  readonly #kept = new Map<string, Map<string, OutboxEntry>>();
  #lines: readonly string[] = [];
  #run: Run | undefined;
  #sent = 0;
  #driver: NodeJS.Timeout | undefined;

  readonly #source: ClockSource = {
    now: () => millis(Date.now() + this.off),
    monotonic: () => millis(performance.now()),
    boot: 'the same',
  };

  /** Begins a run of the agent. */
  async start(): Promise<void> {
    const clock = new TrustedClock(this.#source);
    clock.recall(readMeta(this.#database, 'clock'));
    const time = new AgentTime(clock);
    const engine = new Engine(this.#database, DEFAULT_SETTINGS, wholeSeconds(clock.now()));
    const watched = estate({ domains: [], hosts: HOSTS });
    let isFirst = true;
    const loop = new Loop({
      name: 'probe',
      schedule: '* * * * *',
      round: exclusive(async () => this.#probe(watched, time, isFirst).finally(() => (isFirst = false))),
      history: new LoopHistory(),
      clock: time.steady,
      wallClock: clock,
      logger: silentLogger,
    });
    await loop.start();
    const watch = await ConditionsWatch.create({
      snapshot: () => {
        const now = clock.now();
        const logs = { ...records(now / 1000), aggregates: engine.aggregates(wholeSeconds(now)) };
        return snapshotWith(watched.snapshot(time.steady.now()), { logs, agent: undefined });
      },
      clock: time.steady,
      wallTime: (at) => time.wallTime(at),
      store: this.#memory(),
    });
    const random = { int: () => 0, bytes: () => new Uint8Array() };
    const notifier = new Notifier({
      memory: this.#outbox(),
      clock: time.steady,
      wallClock: clock,
      random,
      logger: silentLogger,
    });
    await notifier.configure([this.#webhook(), this.#alertmanager()]);
    watch.onEvaluated((open) => void notifier.update(open, clock.now()));
    watch.start();
    this.#run = { clock, engine, watch, notifier, loop };
    this.#driver = setInterval(() => this.#drive(), MINUTE_MS);
    this.#drive();
  }

  async stop(): Promise<void> {
    clearInterval(this.#driver);
    const run = this.#run;
    this.#run = undefined;
    await Promise.all([run?.loop.stop(), run?.watch.stop(), run?.notifier.stop()]);
  }

  get open(): readonly OpenCondition[] {
    return this.#run?.watch.open ?? [];
  }

  /** Everything that the database has of records and leases. */
  stored(): unknown {
    const all = (sql: string) => this.#database.prepare(sql).all();
    while (this.#run?.engine.state.hasRowsToMerge === true) this.#run.engine.mergeRows();
    return { records: all('SELECT * FROM records ORDER BY id'), leases: all('SELECT * FROM leases ORDER BY id') };
  }

  /** Each minute of the true time: what hosts sent meanwhile, and the tick of the store. */
  #drive(): void {
    const run = this.#run;
    if (run === undefined) return;
    const { clock, engine } = run;
    while ((this.#sent + 1) * RECORD_EVERY <= performance.now()) {
      this.#sent += 1;
      const time = Math.floor((START + this.#sent * RECORD_EVERY) / 1000) - 3;
      const record = requestRecord({ client: 1 + (this.#sent % 50), recordId: this.#sent, time });
      clock.hear([record]);
      const delivery = { source: 'http', records: [record], unread: { ignored: 0, rejected: 0 } } as const;
      engine.ingest([{ ...delivery, inDoubt: clock.isInDoubt }], wholeSeconds(clock.now()));
    }
    const proven = engine.tick(wholeSeconds(clock.now()), clock.tick());
    if (proven !== undefined && !clock.isInDoubt) while (engine.groom(proven));
  }

  async #probe(watched: Estate, time: AgentTime, isFirst: boolean): Promise<void> {
    this.polls.push({ at: performance.now(), isFirst });
    const at = time.steady.now();
    watched.recordProbe(probe(at, 'kms01'));
    // Down for two hours in five.
    const isDown = performance.now() % (5 * HOUR_MS) > 3 * HOUR_MS;
    watched.recordProbe(probe(at, 'kms02', isDown ? 'refused' : 'ok'));
  }

  #memory() {
    return {
      openConditions: async () => ok(this.#lines),
      saveOpenConditions: async (lines: readonly string[]) => {
        this.#lines = lines;
        return ok(undefined);
      },
    };
  }

  #outbox() {
    const kept = this.#kept;
    return {
      load: async () => new Map([...kept].map(([key, rows]) => [key, [...rows.values()]])),
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

  #webhook(): Receiver {
    const deliver = async (alerts: readonly Alert[]) => {
      for (const alert of alerts) {
        this.told.push(`${isResolved(alert) ? 'over' : 'fires'} ${alert.labels['alertname']} ${alert.labels['host']}`);
      }
      return ok(undefined);
    };
    return { key: 'hook', name: 'webhook-1', max: 100, resendAfter: undefined, deliver };
  }

  #alertmanager(): Receiver {
    const deliver = async (alerts: readonly Alert[]) => {
      if (alerts.some((alert) => !isResolved(alert))) this.resent.push(performance.now());
      return ok(undefined);
    };
    return { key: 'am', name: 'alertmanager-2', max: 100, resendAfter: MINUTE_MS, deliver };
  }
}

/** The true time at the beginning. */
export const START: Millis = inMillis(wholeSeconds(millis(Date.UTC(2026, 5, 1) + DAY_S)));
