import { Activity, type Run } from './activity.ts';
import { type BookSnapshot, CensusBook } from './census-book.ts';
import { Spells, type SpellsSnapshot } from './spells.ts';
import type { Pool } from './types.ts';

/** The stored part of a host pool. */
export interface HostPoolState {
  readonly book: BookSnapshot;
  readonly runs: readonly Run[];
  readonly lastRequest: number;
  readonly wide?: BookSnapshot | undefined;
  readonly policies?: SpellsSnapshot;
}

/** One host and one of its pools: its census over time, and when it was asked. */
export class HostPool {
  readonly no: number;
  readonly hostNo: number;
  readonly pool: Pool;
  book: CensusBook;
  readonly activity: Activity;
  /** The N-policies that were answered. */
  readonly policies: Spells;
  /** The census with clients of unknown pool; undefined while there are none at this host. */
  wide: CensusBook | undefined;
  lastRequest: number;
  /** To be written with the next commit. */
  changed = false;

  constructor(no: number, hostNo: number, pool: Pool, state?: Partial<HostPoolState>) {
    this.no = no;
    this.hostNo = hostNo;
    this.pool = pool;
    this.book = new CensusBook(state?.book);
    this.activity = new Activity(state?.runs ?? []);
    this.lastRequest = state?.lastRequest ?? 0;
    this.policies = new Spells(state?.policies);
    this.wide = state?.wide && new CensusBook(state.wide);
  }

  get state(): HostPoolState {
    return {
      ...{ book: this.book.snapshot, runs: this.activity.runs, lastRequest: this.lastRequest },
      ...{ wide: this.wide?.snapshot, policies: this.policies.snapshot },
    };
  }

  /** The census with clients of unknown pool, which begins as the census. */
  openWide(): CensusBook {
    this.changed = true;
    this.wide ??= new CensusBook(this.book.snapshot);
    return this.wide;
  }

  /** Takes the time of a request of any result. */
  noteRequest(time: number): void {
    this.changed = true;
    this.activity.add(time);
    this.lastRequest = Math.max(this.lastRequest, time);
  }
}
