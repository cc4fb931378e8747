import type { Logger } from '../kernel/logger.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/time.ts';
import { startWorker } from '../kernel/worker.ts';
import { damagedPath } from '../sqlite/replace.ts';
import type { Store } from '../store/store.ts';

/** Milliseconds. */
export interface DamageTimes {
  /** From the start to the first reading of the whole database, and between two of them. */
  readonly first: number;
  readonly every: number;
  /** Between two looks at whether the store says that it is damaged. */
  readonly look: number;
  /** Until it tries again to repair damage: a large database takes a minute. */
  readonly retry: number;
}

const TIMES: DamageTimes = { first: 5 * MINUTE_MS, every: DAY_MS, look: 5 * SECOND_MS, retry: HOUR_MS };

/** Finds damage in the database, in parts that are rarely read too, and has it repaired. */
export class DamageWatch {
  readonly #store: Pick<Store, 'state' | 'repair'>;
  readonly #path: string;
  readonly #logger: Logger;
  readonly #timers: NodeJS.Timeout[];
  readonly #retry: number;
  #triedAt = Number.NEGATIVE_INFINITY;
  /** What was found and could not be repaired, for example for lack of room: nothing else would show it. */
  #found: readonly string[] | undefined;

  constructor(store: Pick<Store, 'state' | 'repair'>, path: string, logger: Logger, times: DamageTimes = TIMES) {
    this.#store = store;
    this.#path = path;
    this.#logger = logger;
    this.#retry = times.retry;
    const first = setTimeout(() => {
      this.#check();
      this.#timers.push(setInterval(() => this.#check(), times.every).unref());
    }, times.first);
    this.#timers = [first.unref(), setInterval(() => this.#look(), times.look).unref()];
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #look(): void {
    const { up, failure } = this.#store.state;
    if (failure?.reason === 'corrupt' || (up && this.#found !== undefined)) void this.#repair(this.#found);
  }

  /** In a thread that lives as long as that takes, at a lower priority. */
  #check(): void {
    if (!this.#store.state.up) return;
    const worker = startWorker('./damage-thread', import.meta.url, { path: this.#path });
    worker.unref();
    worker.on('message', (damage: readonly string[]) => {
      if (damage.length > 0) void this.#repair(damage);
    });
    worker.on('error', (error) =>
      this.#logger.warn({ err: error }, 'the database cannot be looked through for damage'),
    );
  }

  async #repair(found?: readonly string[]): Promise<void> {
    if (performance.now() < this.#triedAt + this.#retry) return;
    this.#triedAt = performance.now();
    const repaired = await this.#store.repair();
    this.#found = repaired.ok ? undefined : found;
    if (!repaired.ok) {
      const { text } = repaired.error;
      return this.#logger.error(
        { ...(found && { damage: found }), error: text },
        'the database is damaged, and cannot be repaired yet',
      );
    }
    if (repaired.value === undefined) return;
    const { records, damage } = repaired.value;
    this.#logger.error(
      { damage, records, kept: damagedPath(this.#path) },
      'the database was damaged: what could be read was saved, the rest has to be sent or imported again',
    );
    // Damage that comes later is another one.
    this.#triedAt = Number.NEGATIVE_INFINITY;
  }
}
