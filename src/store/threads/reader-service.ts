import type { DatabaseSync } from 'node:sqlite';
import { openForReading, StoreError, toFailure } from '../database/database.ts';
import { storeFailure } from '../failure.ts';
import { namesOf } from '../history/names.ts';
import { ClientHistoryQuery } from '../reading/client-history.ts';
import { LeasePages } from '../reading/lease-pages.ts';
import type { StoreSettings } from '../settings.ts';
import type { Answer, ReaderCall, ThreadStart } from './messages.ts';

interface Opened {
  readonly database: DatabaseSync;
  readonly pages: LeasePages;
  readonly histories: ClientHistoryQuery;
}

type Question = Extract<ReaderCall, { readonly name: 'leases' | 'explain' | 'recent' }>;

/** The reader thread's work. Each call sees what was committed when it began. */
export class ReaderService {
  readonly #path: string;
  #settings: StoreSettings;
  #opened: Opened | undefined;

  constructor({ path, settings }: ThreadStart) {
    this.#path = path;
    this.#settings = settings;
  }

  answer(call: ReaderCall): Answer {
    try {
      return { id: call.id, value: this.#do(call) };
    } catch (error) {
      const failure = toFailure(error, this.#path);
      if (!(error instanceof StoreError)) this.#close();
      return { id: call.id, failure };
    }
  }

  #do(call: ReaderCall): unknown {
    if (call.name === 'close') return this.#close();
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

  #ask(call: Question, { pages, histories }: Opened): unknown {
    switch (call.name) {
      case 'leases': {
        const page = pages.page(call.args[0], call.now);
        if (!page.ok) throw new StoreError(page.error);
        return page.value;
      }
      case 'explain':
        return histories.history(call.args[0], call.now);
      case 'recent':
        return histories.recent(call.args[0]);
    }
  }

  #open(): Opened {
    const database = openForReading(this.#path);
    const names = namesOf(database);
    const pages = new LeasePages(database, names, this.#settings);
    return { database, pages, histories: new ClientHistoryQuery(database, names, this.#settings, pages) };
  }

  #close(): undefined {
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
