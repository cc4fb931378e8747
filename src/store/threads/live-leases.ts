import type { DatabaseSync } from 'node:sqlite';
import type { Seconds } from '../../kernel/time.ts';
import { type Aggregates, holdsAt } from '../aggregates.ts';
import { aggregatesOf } from '../counting/aggregate.ts';
import { WRITER_CACHE_KIB } from '../database/database.ts';
import { writeMeta } from '../database/meta.ts';
import { transaction } from '../database/transaction.ts';
import type { RowLimits } from '../leases/lease-rows.ts';
import { Projection } from '../leases/projection.ts';
import { type Happening, isDerivationDue, Rederivation } from '../leases/rederivation.ts';
import { historyOf, State } from '../leases/state.ts';
import type { StoreSettings } from '../settings.ts';

const DERIVED_AT_ONCE_MS = 50;

/** The leases in use and, while they are being derived again, those that will take their place. */
export class LiveLeases {
  protected readonly database: DatabaseSync;
  #state: State;
  #projection: Projection;
  #derivation: Rederivation | undefined;
  #version = 0;
  #counted: { readonly version: number; readonly aggregates: Aggregates } | undefined;
  /** When it was last called, as far as that was said. */
  #now: Seconds;

  /** Begins to derive the leases again if the configuration says that they would be others. */
  constructor(database: DatabaseSync, settings: StoreSettings, now: Seconds, limits: RowLimits) {
    this.database = database;
    this.#now = now;
    // With a small cache, as everything is read once: memory that was used is seldom given back.
    database.exec('PRAGMA cache_size = -2000');
    this.#state = new State(database, historyOf(database), settings, { limits });
    this.#state.load(now);
    database.exec(`PRAGMA cache_size = -${WRITER_CACHE_KIB}`);
    this.#projection = new Projection(this.#state);
    this.#deriveIfDue();
  }

  get state(): State {
    return this.#state;
  }

  protected get projection(): Projection {
    return this.#projection;
  }

  /** Changes with every call that may change what is counted. */
  get version(): number {
    return this.#version;
  }

  /** Whether the leases are being derived again: `derive` then has work. */
  get isDeriving(): boolean {
    return this.#derivation !== undefined;
  }

  /** Derives for a while, for which senders wait. @returns whether there is more to do */
  derive(milliseconds = DERIVED_AT_ONCE_MS): boolean {
    const derivation = this.#derivation;
    if (derivation === undefined) return false;
    if (derivation.step(milliseconds)) return true;
    this.#state = derivation.next;
    this.#projection = new Projection(this.#state);
    this.#version += 1;
    this.#derivation = derivation.mustReinfer ? this.#again() : undefined;
    return this.isDeriving;
  }

  /** The numbers behind `/metrics`, counted if somebody asks and something has changed since, or a minute has passed. */
  aggregates(now: Seconds): Aggregates {
    if (this.#counted?.version !== this.#version || !holdsAt(this.#counted.aggregates, now)) {
      this.#counted = { version: this.#version, aggregates: aggregatesOf(this.#state, now) };
    }
    return this.#counted.aggregates;
  }

  /** @returns whether the leases have to be derived again, which then begins */
  configure(settings: StoreSettings, now: Seconds): boolean {
    this.#now = now;
    this.#state.configure(settings);
    this.#version += 1;
    return this.#deriveIfDue();
  }

  /** Changes records, reports or names in one transaction, with the leases that depend on them. */
  protected change<T>(work: () => T, now = this.#now): T {
    this.#now = now;
    const result = transaction(this.database, () => {
      const value = work();
      this.#projection.finish();
      // Derived by other classes than what is known now.
      if (this.#projection.mustReinfer) writeMeta(this.database, 'derivation', '');
      this.#state.save();
      return value;
    });
    this.#reinferIfDue();
    this.#version += 1;
    return result;
  }

  /** Tells the projection in use what has happened, and later the one that is being derived. */
  protected tell(happening: Happening): void {
    happening(this.#projection, this.#state);
    this.tellLater(happening);
  }

  /** Tells only the one that is being derived, if there is one. */
  protected tellLater(happening: Happening): void {
    this.#derivation?.note(happening);
  }

  #deriveIfDue(): boolean {
    // Without one that had not begun by a configuration of a moment ago.
    this.#derivation = isDerivationDue(this.#state) ? this.#again() : undefined;
    // Nothing waits for a derivation of nothing.
    if (this.#state.records.last() === 0) while (this.derive());
    return this.isDeriving;
  }

  /** Derives all leases again once requests have shown that a product is Office. */
  #reinferIfDue(): void {
    if (!this.#projection.mustReinfer) return;
    this.#projection.mustReinfer = false;
    if (this.#derivation !== undefined) this.#derivation.mustReinfer = true;
    else this.#derivation = this.#again();
  }

  #again(): Rederivation {
    return new Rederivation(this.#state, this.#state.settings, this.#now);
  }
}
