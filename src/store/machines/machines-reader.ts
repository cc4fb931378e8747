import type { DatabaseSync } from 'node:sqlite';
import type { Seconds } from '../../kernel/time.ts';
import { JoinColumns } from '../../machines/join-columns.ts';
import { MachineTable } from '../../machines/machine-table.ts';
import { openForReading, StoreError } from '../database/database.ts';
import { readMeta } from '../database/meta.ts';
import { lastId, query } from '../database/rows.ts';
import { storeFailure } from '../failure.ts';
import { INVENTORY_VERSION } from '../inventory/take-part.ts';
import { LeasePages } from '../reading/lease-pages.ts';
import { readContext } from '../reading/read-context.ts';
import type { StoreSettings } from '../settings.ts';
import type { JoinContext } from './join-context.ts';
import { countMachineVerdicts } from './machine-counts.ts';
import { MachineDetails } from './machine-details.ts';
import { MachineJoin } from './machine-join.ts';
import type { MachineCounts } from './machine-types.ts';

/** All machines as of a moment. */
export interface Joined {
  readonly table: MachineTable;
  readonly details: MachineDetails;
  readonly counts: MachineCounts;
}

/** What answers a question. */
interface Answering extends Joined {
  /** Whether it was joined from all that is known now. */
  readonly isNewest: boolean;
}

interface Known extends Joined {
  /** Changes with every commit of the writer, and with every snapshot of a source. */
  readonly version: number;
  readonly inventory: string | undefined;
  /** Milliseconds that the join took, while others had their turn as well. */
  readonly took: number;
}

/** Seconds for which a join holds if nothing changes: ages are counted to the minute. */
const HOLDS = 60;
/** Milliseconds: a join that takes less is made again for each question. */
const QUICK = 300;
/** The first join of more names than this takes longer. */
const MANY = 100_000;
/** A longer one takes this share of the time at most. */
const SHARE = 1 / 20;
/** Milliseconds of a join between two turns of others. */
const TURN = 8;

/** Joins machines on its own connection, in turns, between which other questions are answered. */
export class MachinesReader {
  readonly #database: DatabaseSync;
  readonly #settings: StoreSettings;
  /** Two tables in turn, of which one answers while the other is filled: so a join leaves hardly any garbage. */
  #spare = new MachineTable();
  #known: Known | undefined;
  #joining: Promise<Known> | undefined;
  #joinedAt = 0;
  #isClosed = false;

  constructor(path: string, settings: StoreSettings) {
    this.#database = openForReading(path);
    this.#settings = settings;
  }

  /**
   * @throws StoreError `closed` if it is closed meanwhile; `comparing` if it is asked for at once, and takes long
   * @returns what was joined last if it still holds, or if a new join would take long and nothing of note has changed; to
   *   be read at once, as the join after the next one is made in its place
   */
  async joined(now: Seconds, atOnce = false): Promise<Answering> {
    const known = this.#known;
    // A join that is under way may have begun before the newest commit.
    const isNewest = this.#joining === undefined;
    if (known === undefined || known.inventory !== this.#inventory()) {
      const mayWait = !atOnce || !this.#takesLong();
      const joining = this.#join(now);
      if (mayWait) return { ...(await joining), isNewest };
      // If it fails, the next caller hears why.
      joining.catch(() => {});
      const what = 'the machines of logs and lists are still being compared with each other';
      throw new StoreError(storeFailure('comparing', what));
    }
    const isOld = Math.abs(now - known.counts.asOf) >= HOLDS || this.#version() !== known.version;
    if (!isOld) return { ...known, isNewest: true };
    if (isNewest) {
      if (known.took < QUICK) return { ...(await this.#join(now)), isNewest };
      // If it fails, the next caller hears why.
      if (performance.now() - this.#joinedAt > known.took / SHARE) this.#join(now).catch(() => {});
    }
    return { ...known, isNewest: false };
  }

  close(): void {
    this.#isClosed = true;
    if (this.#joining === undefined) this.#database.close();
  }

  #join(now: Seconds): Promise<Known> {
    this.#joining ??= this.#joinNow(now).finally(() => {
      this.#joining = undefined;
      if (this.#isClosed) this.#database.close();
    });
    return this.#joining;
  }

  async #joinNow(now: Seconds): Promise<Known> {
    const began = performance.now();
    const columns = new JoinColumns();
    this.#database.exec('BEGIN');
    try {
      const version = this.#version();
      const inventory = this.#inventory();
      const context: JoinContext = { ...readContext(this.#database, this.#settings), now };
      const join = new MachineJoin(context, this.#spare, columns, this.#known?.table);
      let until = performance.now() + TURN;
      for (const _ of join.run()) {
        if (performance.now() < until) continue;
        await new Promise(setImmediate);
        if (this.#isClosed)
          throw new StoreError(storeFailure('closed', 'the database was closed before all machines were joined'));
        until = performance.now() + TURN;
      }
      const counts = countMachineVerdicts(join.table, join.hosts, context);
      const details = new MachineDetails(join.table, join.hosts, context, new LeasePages(context));
      const known = { table: join.table, details, counts, version, inventory, took: performance.now() - began };
      this.#spare = this.#known?.table ?? new MachineTable();
      this.#known = known;
      this.#joinedAt = performance.now();
      return known;
    } finally {
      columns.free();
      this.#database.exec('COMMIT');
    }
  }

  #takesLong(): boolean {
    if ((this.#known?.took ?? QUICK) < QUICK) return false;
    const rows = 'SELECT coalesce(sum(machines), 0) FROM inventory_sources';
    return lastId(this.#database, 'machines') + query(this.#database, rows).num() > MANY;
  }

  #version(): number {
    return query(this.#database, 'PRAGMA data_version').num();
  }

  #inventory(): string | undefined {
    return readMeta(this.#database, INVENTORY_VERSION);
  }
}
