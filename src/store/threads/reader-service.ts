import type { DatabaseSync } from 'node:sqlite';
import { openForReading, StoreError, toFailure } from '../database/database.ts';
import { planErasure } from '../erasure/erase.ts';
import { failureOf, type StoreFailure, storeFailure } from '../failure.ts';
import { namesOf } from '../history/names.ts';
import { machinePage } from '../machines/machine-pages.ts';
import { MachinesReader } from '../machines/machines-reader.ts';
import { dueMonths, monthReport } from '../months/months.ts';
import { ClientHistoryQuery } from '../reading/client-history.ts';
import { LeasePages } from '../reading/lease-pages.ts';
import type { StoreSettings } from '../settings.ts';
import type { Answer, ReaderCall, ThreadStart } from './messages.ts';

interface Opened {
  readonly database: DatabaseSync;
  readonly pages: LeasePages;
  readonly histories: ClientHistoryQuery;
  readonly machines: MachinesReader;
}

type Question = Extract<
  ReaderCall,
  {
    readonly name: 'leases' | 'explain' | 'keys' | 'reading' | 'recent' | 'month' | 'dueMonths' | 'planErasure';
  }
>;

type MachineQuestion = Extract<ReaderCall, { readonly name: 'machines' | 'machineCounts' }>;

/** The reader thread's work. Each call sees what was committed when it began. */
export class ReaderService {
  readonly #path: string;
  #settings: StoreSettings;
  #opened: Opened | undefined;
  #isEnding = false;

  constructor({ path, settings }: ThreadStart) {
    this.#path = path;
    this.#settings = settings;
  }

  /** At once, but for what is asked of machines: they may have to be joined first, and others have their turn meanwhile. */
  answer(call: ReaderCall): Answer | Promise<Answer> {
    return call.name === 'machines' || call.name === 'machineCounts'
      ? this.#answerOfMachines(call)
      : this.#answer(call);
  }

  async #answerOfMachines(call: MachineQuestion): Promise<Answer> {
    try {
      this.#opened ??= this.#open();
      const atOnce = call.name === 'machines' && call.args[0].atOnce === true;
      const { table, details, counts, isNewest } = await this.#opened.machines.joined(call.now, atOnce);
      if (call.name === 'machineCounts') return { id: call.id, value: { counts, isNewest } };
      const page = machinePage(table, details, counts, call.args[0]);
      return page.ok ? { id: call.id, value: page.value } : { id: call.id, failure: page.error };
    } catch (error) {
      const failure = this.#failureOf(error, call);
      // A new configuration, or a bug in another question, closed the database meanwhile.
      if (failure.reason === 'closed' && !this.#isEnding) return this.#answerOfMachines(call);
      return { id: call.id, failure };
    }
  }

  #answer(call: Exclude<ReaderCall, MachineQuestion>): Answer {
    try {
      return { id: call.id, value: this.#do(call) };
    } catch (error) {
      const failure = this.#failureOf(error, call);
      if (!(error instanceof StoreError)) this.#close();
      return { id: call.id, failure };
    }
  }

  /** Nothing is lost by a bug in a question but its answer, so it does not end the thread. */
  #failureOf(error: unknown, { name }: ReaderCall): StoreFailure {
    if (error instanceof StoreError || failureOf(error) !== undefined) return toFailure(error, this.#path);
    return storeFailure('bug', `the question '${name}' to the database failed: ${String(error)}`);
  }

  #do(call: Exclude<ReaderCall, MachineQuestion>): unknown {
    if (call.name === 'close') {
      this.#isEnding = true;
      return this.#close();
    }
    if (call.name === 'configure') {
      [this.#settings] = call.args;
      return this.#close();
    }
    this.#opened ??= this.#open();
    const { database } = this.#opened;
    if (call.name === 'backup') return backUp(database, call.args[0]);
    // One question sees one moment.
    database.exec('BEGIN');
    try {
      return this.#ask(call, this.#opened);
    } finally {
      database.exec('COMMIT');
    }
  }

  #ask(call: Question, { database, pages, histories }: Opened): unknown {
    switch (call.name) {
      case 'leases': {
        const page = pages.page(call.args[0], call.now);
        if (!page.ok) throw new StoreError(page.error);
        return page.value;
      }
      case 'explain':
        return histories.history(call.args[0], call.now);
      case 'keys':
        return histories.keys(call.now);
      case 'month':
        return monthReport(database, this.#settings, call.args[0], call.now);
      case 'planErasure':
        return planErasure(database, call.args[0]);
      case 'dueMonths':
        return dueMonths(database, call.now);
      case 'reading':
        return histories.reading(call.now);
      case 'recent':
        return histories.recent(call.args[0]);
    }
  }

  #open(): Opened {
    const database = openForReading(this.#path);
    const names = namesOf(database);
    const pages = new LeasePages(database, names, this.#settings);
    const machines = new MachinesReader(this.#path, this.#settings);
    return { database, pages, machines, histories: new ClientHistoryQuery(database, names, this.#settings, pages) };
  }

  #close(): undefined {
    this.#opened?.machines.close();
    this.#opened?.database.close();
    this.#opened = undefined;
  }
}

/** A copy of one moment; the writer goes on meanwhile, and only other readers wait. */
function backUp(database: DatabaseSync, path: string): undefined {
  try {
    database.prepare('VACUUM INTO ?').run(path);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new StoreError(storeFailure('io', `the copy ${path} cannot be written: ${text}`));
  }
}
