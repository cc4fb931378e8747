import type { DatabaseSync } from 'node:sqlite';
import type { Seconds } from '../../kernel/time.ts';
import type { MachineQuery } from '../../machines/machine-query.ts';
import { openForReading, StoreError, toFailure } from '../database/database.ts';
import { planErasure } from '../erasure/erase.ts';
import { failureOf, type StoreFailure, storeFailure } from '../failure.ts';
import { machinePage } from '../machines/machine-pages.ts';
import type { MachineCounts, MachinePage } from '../machines/machine-types.ts';
import { MachinesReader } from '../machines/machines-reader.ts';
import { dueMonths, monthReport } from '../months/months.ts';
import type { LeaseQuery } from '../queries.ts';
import { ClientHistoryQuery } from '../reading/client-history.ts';
import { LeasePages } from '../reading/lease-pages.ts';
import { readContext } from '../reading/read-context.ts';
import type { StoreSettings } from '../settings.ts';
import type { Answer, Asked, CallsOf, CallTable, ThreadStart } from './messages.ts';

interface Opened {
  readonly database: DatabaseSync;
  readonly settings: StoreSettings;
  readonly pages: LeasePages;
  readonly histories: ClientHistoryQuery;
  readonly machines: MachinesReader;
}

interface On extends Opened {
  readonly now: Seconds;
}

/** Questions that are answered at once, each from one moment of the database. */
const QUESTIONS = {
  leases: ({ pages, now }, query: LeaseQuery) => {
    const page = pages.page(query, now);
    if (!page.ok) throw new StoreError(page.error);
    return page.value;
  },
  explain: ({ histories, now }, client: string) => histories.history(client, now),
  keys: ({ histories, now }) => histories.keys(now),
  month: ({ database, settings, now }, month: string) => monthReport(database, settings, month, now),
  planErasure: ({ database }, clients: readonly string[]) => planErasure(database, clients),
  dueMonths: ({ database, now }) => dueMonths(database, now),
  reading: ({ histories, now }) => histories.reading(now),
  recent: ({ histories }, limit: number) => histories.recent(limit),
} satisfies CallTable<On>;

/** Machines may have to be joined first. */
type MachineQuestions = {
  machines(query: MachineQuery): MachinePage;
  machineCounts(): { readonly counts: MachineCounts; readonly isNewest: boolean };
};

/** Calls about the database as a whole. */
type FileCalls = {
  configure(settings: StoreSettings): undefined;
  backup(path: string): undefined;
  close(): undefined;
};

/** The calls of the reader thread, with their answers. */
export type ReaderCalls = CallsOf<typeof QUESTIONS> & MachineQuestions & FileCalls;

export type ReaderCall = Asked<ReaderCalls>;
type MachineQuestion = Extract<ReaderCall, { readonly name: keyof MachineQuestions }>;
type Question = Extract<ReaderCall, { readonly name: keyof typeof QUESTIONS }>;

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
      return ask(call, this.#opened);
    } finally {
      database.exec('COMMIT');
    }
  }

  #open(): Opened {
    const database = openForReading(this.#path);
    const context = readContext(database, this.#settings);
    const pages = new LeasePages(context);
    const histories = new ClientHistoryQuery(context, pages);
    return {
      database,
      settings: this.#settings,
      pages,
      histories,
      machines: new MachinesReader(this.#path, this.#settings),
    };
  }

  #close(): undefined {
    this.#opened?.machines.close();
    this.#opened?.database.close();
    this.#opened = undefined;
  }
}

function ask({ name, now, args }: Question, opened: Opened): unknown {
  const answer: (on: On, ...args: never) => unknown = QUESTIONS[name];
  return answer({ ...opened, now }, ...(args as never));
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
