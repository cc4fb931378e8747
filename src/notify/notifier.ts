import type { OpenCondition } from '../conditions/condition.ts';
import type { Millis } from '../kernel/time.ts';
import { alertOf } from './alert.ts';
import { Courier, type CourierDeps, CourierRecord, type CourierState } from './courier.ts';
import { Outbox, type OutboxEntry } from './outbox.ts';
import type { Receiver } from './receiver.ts';

/** What is written down, so that neither a restart nor an outage of a receiver loses an alert. */
export interface OutboxMemory {
  /** By the key of the receiver; undefined while it cannot be read. */
  load(): Promise<ReadonlyMap<string, readonly OutboxEntry[]> | undefined>;
  /** @returns false when it could not be written */
  save(receiver: string, put: readonly OutboxEntry[], drop: readonly string[]): Promise<boolean>;
  /** Forgets receivers that are not configured any more. */
  keep(receivers: readonly string[]): Promise<void>;
}

export interface NotifierDeps extends Omit<CourierDeps, 'save'> {
  readonly memory: OutboxMemory;
}

interface Channel {
  readonly outbox: Outbox;
  readonly courier: Courier;
  readonly record: CourierRecord;
  saving: Promise<void>;
}

/** Tells every receiver of every condition that fires and that no other explains, and of its end. */
export class Notifier {
  readonly #deps: NotifierDeps;
  #channels = new Map<string, Channel>();
  /** Whether what was written down could be read, since the receivers are these. */
  #isLoaded = false;

  constructor(deps: NotifierDeps) {
    this.#deps = deps;
  }

  /** Takes the receivers of a configuration; one that stays keeps its queue and its counters, one that is gone is forgotten. */
  async configure(receivers: readonly Receiver[]): Promise<void> {
    const { memory } = this.#deps;
    await this.stop();
    const loaded = receivers.length === 0 ? new Map<string, readonly OutboxEntry[]>() : await memory.load();
    this.#isLoaded = loaded !== undefined;
    const channels = receivers.map((receiver): readonly [string, Channel] => {
      const outbox = this.#channels.get(receiver.key)?.outbox ?? new Outbox(loaded?.get(receiver.key));
      const record = this.#channels.get(receiver.key)?.record ?? new CourierRecord();
      const { clock, wallClock, random, logger } = this.#deps;
      const save = () => this.#save(receiver.key);
      const courier = new Courier(receiver, outbox, record, { save, clock, wallClock, random, logger });
      return [receiver.key, { outbox, courier, record, saving: Promise.resolve() }];
    });
    this.#channels = new Map(channels);
    await memory.keep([...this.#channels.keys()]);
  }

  /**
   * Takes what is open now. To be called only when everything has been looked at: what is missing counts as over.
   * @returns when it is on disk
   */
  async update(conditions: readonly OpenCondition[], now: Millis): Promise<void> {
    const firing = conditions.filter((condition) => condition.firing);
    const causes = firing.filter(({ explainedBy }) => explainedBy === undefined).map(alertOf);
    const explained = firing.filter(({ explainedBy }) => explainedBy !== undefined).map(alertOf);
    await Promise.all(
      [...this.#channels].map(async ([key, { outbox, courier }]) => {
        outbox.update(causes, now, explained);
        await this.#save(key);
        courier.wake();
      }),
    );
  }

  state(): readonly CourierState[] {
    return [...this.#channels.values()].map(({ courier }) => courier.state);
  }

  /** Ends every delivery that is under way. */
  async stop(): Promise<void> {
    await Promise.all([...this.#channels.values()].map(({ courier }) => courier.stop()));
  }

  /** Takes up what was written down, if that could not be read before. @returns false while it cannot */
  async #recall(): Promise<boolean> {
    if (this.#isLoaded) return true;
    const known = await this.#deps.memory.load();
    if (known !== undefined && !this.#isLoaded) {
      for (const [key, { outbox }] of this.#channels) outbox.recall(known.get(key) ?? []);
      this.#isLoaded = true;
    }
    return this.#isLoaded;
  }

  /** One after the other, so that an older state never overwrites a newer one. */
  #save(key: string): Promise<void> {
    const channel = this.#channels.get(key);
    if (channel === undefined) return Promise.resolve();
    channel.saving = channel.saving.then(async () => {
      if (!(await this.#recall())) return;
      const changes = channel.outbox.takeChanges();
      if (changes.put.length === 0 && changes.drop.length === 0) return;
      if (!(await this.#deps.memory.save(key, changes.put, changes.drop))) channel.outbox.putBack(changes);
    });
    return channel.saving;
  }
}
