import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import type { AgentSnapshot } from '../../src/conditions/agent-snapshot.ts';
import { OpenConditions } from '../../src/conditions/open-conditions.ts';
import { ReportedTotals } from '../../src/conditions/reported-totals.ts';
import { Estate } from '../../src/estate/estate.ts';
import type { LogsSnapshot } from '../../src/estate/logs-snapshot.ts';
import { createMetricsPage, type MetricsPage } from '../../src/exposition/page.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { DAY_S, inMillis, MINUTE_S, millis, seconds } from '../../src/kernel/time.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import type { StoreSettings } from '../../src/store/settings.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { DEFAULT_SETTINGS } from '../store/default-settings.ts';
import { LTSC_2024, machineCounts, silentMachines } from '../support/machines.ts';
import { OFFICE, SERVER, WINDOWS_10 } from '../support/stories.ts';
import { ClockMoods } from './clock-moods.ts';
import { Dice } from './dice.ts';
import { EstateMoods, estateSettings } from './estate-moods.ts';
import { LogMoods } from './log-moods.ts';
import { ReceiverMoods } from './receiver-moods.ts';

/** Low, so that every side of them is met with a handful of clients. */
const THRESHOLDS = { client: 4, server: 3, office: 3 };
const WARN_MARGINS = { client: 3, server: 1, office: 1 };

/** The values on which Prometheus and the agent must agree at a step. */
export interface Moment {
  /** `/metrics`. */
  readonly page: string;
  /** The alerts that fire according to the agent: the labels of each. */
  readonly firing: readonly Readonly<Record<string, string>>[];
  /** What to do about each. */
  readonly remedies: readonly string[];
}

const OBJECT = { name: 'Office', activationId: undefined, partialKey: undefined };
const OBJECTS = [[OBJECT], [OBJECT], [OBJECT, { ...OBJECT, name: 'Windows' }], undefined];

const SOURCE = { source: 'a.csv', isConfigured: true, isUp: true, isStale: false, readAt: seconds(0), machines: 9 };
const SOURCES = [
  [],
  [SOURCE],
  [
    { ...SOURCE, isStale: true },
    { ...SOURCE, source: 'b.csv', isConfigured: false },
  ],
];
const MACHINES = [
  undefined,
  machineCounts({}),
  machineCounts({ notRenewing: [silentMachines(1)] }),
  machineCounts({ notRenewing: [silentMachines(1), silentMachines(2, 'server')], products: [LTSC_2024] }),
];

/** An estate that lives by chance from epoch 0 on, watched by the agent's own parts. */
export class AgreementWorld {
  /** Seconds. */
  readonly #step: number;
  readonly #dice: Dice;
  readonly #unread: number;
  readonly #isEmpty: boolean;
  readonly #estate: Estate;
  readonly #engine: Engine;
  readonly #polls: EstateMoods;
  readonly #logs: LogMoods;
  readonly #receivers: ReceiverMoods;
  readonly #clock: ClockMoods;
  readonly #directory: Dice;
  readonly #machines: Dice;
  readonly #open = new OpenConditions();
  readonly #totals = new ReportedTotals();
  readonly #page: MetricsPage = createMetricsPage(silentLogger);

  /** @param isEmpty nothing is configured, and no log comes */
  constructor(seed: string, step: number, isEmpty = false) {
    this.#isEmpty = isEmpty;
    this.#step = step;
    this.#dice = new Dice(seed);
    this.#unread = this.#dice.pick([0, 0, 4]);
    const settings = estateSettings(step * 1000);
    this.#estate = new Estate(isEmpty ? { ...settings, domains: [], hosts: [], names: [] } : settings);
    this.#polls = new EstateMoods(this.#dice, new Dice(`${seed}/keys`));
    this.#logs = new LogMoods(this.#dice);
    // Their own chance: a key or a receiver more or less makes no other estate.
    this.#receivers = new ReceiverMoods(new Dice(`${seed}/receivers`));
    this.#directory = new Dice(`${seed}/directory`);
    this.#machines = new Dice(`${seed}/machines`);
    this.#clock = new ClockMoods(new Dice(`${seed}/clock`));
    const database = new DatabaseSync(':memory:');
    migrate(database);
    this.#engine = new Engine(database, storeSettingsOf(step), seconds(0));
  }

  /** @param index of the step, from 1 up */
  async moment(index: number): Promise<Moment> {
    const now = index * this.#step;
    if (!this.#isEmpty) this.#polls.poll(this.#estate, now * 1000);
    if (!this.#isEmpty) this.#logs.send(this.#engine, now, this.#step);
    if (this.#isEmpty || this.#directory.mood('away', [false, false, true], 0.2))
      this.#estate.recordDirectoryFailure('test: away');
    else this.#estate.recordDirectory(this.#directory.mood('objects', OBJECTS, 0.2), inMillis(seconds(now)));
    const estate = this.#polls.dress(this.#estate.snapshot(inMillis(seconds(now))));
    const snapshot = { estate, logs: this.#logsSnapshot(index), agent: this.#agent(now * 1000) };
    this.#open.evaluate({ ...snapshot, risen: this.#totals.update(estate) }, inMillis(seconds(now)));
    const page = await text(this.#page.render(snapshot));
    const firing = this.#open.all.filter((condition) => condition.firing);
    return {
      page,
      firing: firing.map(({ name, severity, subject }) => ({ alertname: name, severity, ...subject })),
      remedies: firing.map(({ remedy }) => remedy),
    };
  }

  /** At first the store has not been read yet. */
  #logsSnapshot(index: number): LogsSnapshot {
    const now = index * this.#step;
    return {
      aggregates: index < this.#unread ? undefined : this.#engine.aggregates(seconds(now)),
      now: seconds(now),
      thresholds: THRESHOLDS,
      warnMargins: WARN_MARGINS,
      staleAfter: seconds(6 * this.#step),
      stalledLimit: 0.2,
      criticalWithin: seconds(7 * DAY_S),
      machines: this.#machines.mood('machines', MACHINES, 0.2),
      inventory: this.#machines.mood('sources', SOURCES, 0.2),
    };
  }

  #agent(now: number): AgentSnapshot {
    const dice = this.#dice;
    const lag = dice.mood('lag', [0, 0, 3, 4], 0.1) * this.#step * 1000;
    const loop = { duration: 1, limit: seconds(3 * this.#step), skipped: 0 };
    return {
      build: { version: '1.2.3', revision: '0123abc', node: '24.0.0', platform: 'linux', arch: 'x64' },
      externalUrl: 'https://mon.corp.example/kms/',
      reload: { successful: dice.mood('reload', [true, true, false], 0.1), lastSuccess: millis(now) },
      loops: [
        { ...loop, name: 'discovery', lastEnd: millis(now - lag) },
        { ...loop, name: 'probe', lastEnd: dice.mood('first', [undefined, millis(0)], 0.1) },
      ],
      // Prometheus sees an attempt by a counter that rises within 10 minutes: with steps that are longer, it cannot.
      clock: this.#clock.tell(now / 1000, this.#step),
      receivers: this.#step > MINUTE_S ? [] : this.#receivers.tell(now, this.#step * 1000),
      store: dice.mood('store', [{ up: true, bytes: 1 }, { up: false, bytes: 1 }, undefined], 0.1),
    };
  }
}

/** Renewals are as frequent as the steps let them be, so that clients stall within a test. */
function storeSettingsOf(step: number): StoreSettings {
  const renewalInterval = 3 * step;
  return {
    ...DEFAULT_SETTINGS,
    leases: {
      ...DEFAULT_SETTINGS.leases,
      renewalInterval: seconds(renewalInterval),
      activationInterval: seconds(Math.max(2 * 3600, step)),
    },
    thresholds: THRESHOLDS,
    activationsStaleAfter: seconds(6 * step),
    reportStaleAfter: seconds(2 * step),
    history: seconds(400 * DAY_S),
    products: [WINDOWS_10, SERVER, OFFICE].flatMap(({ activationId, name, cls }) =>
      cls === 'unknown' ? [] : [{ activationId, name, cls }],
    ),
  };
}
