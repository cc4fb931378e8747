import type { DatabaseSync } from 'node:sqlite';
import { CensusBook } from '../../leases/census-book.ts';
import type { HostPoolState } from '../../leases/host-pool.ts';
import { spans } from '../../leases/margin.ts';
import { bestCount } from '../../leases/reported.ts';
import type { CountAtTime } from '../../leases/story.ts';
import type { Pool } from '../../leases/types.ts';
import { type Query, query, text } from '../database/rows.ts';
import { POOLS } from '../history/catalogue.ts';
import type { StoredRequest } from '../history/records.ts';
import { Reports } from '../history/reports.ts';
import type { HostLogStatus } from '../leases/host-log-status.ts';
import type { StoreSettings } from '../settings.ts';

/** What a host had counted at a time; for one question, as it keeps the census of each host that it has read. */
export class CountsAtTime {
  readonly #settings: StoreSettings;
  readonly #reports: Reports;
  readonly #state: Query;
  readonly #log: Query;
  readonly #books = new Map<string, CensusBook | undefined>();
  readonly #logs = new Map<number, HostLogStatus>();

  constructor(database: DatabaseSync, settings: StoreSettings) {
    this.#settings = settings;
    this.#reports = new Reports(database);
    this.#state = query(database, 'SELECT state FROM host_pools WHERE host = ? AND pool = ?');
    this.#log = query(database, 'SELECT log_status FROM hosts WHERE id = ?');
  }

  /** Undefined without a pool. */
  of({ hostNo, pool, time }: Pick<StoredRequest, 'hostNo' | 'pool' | 'time'>): CountAtTime | undefined {
    if (pool === undefined) return undefined;
    const census = this.#bookOf(hostNo, pool)?.countAt(time) ?? 0;
    const reported = this.#reports.countAt(hostNo, pool, time, this.#settings.reportStaleAfter);
    const { firstRecord, lastGap } = this.#logOf(hostNo);
    return { value: bestCount(census, reported), known: reported !== undefined || spans(firstRecord, lastGap, time) };
  }

  #bookOf(host: number, pool: Pool): CensusBook | undefined {
    const key = `${host} ${pool}`;
    if (this.#books.has(key)) return this.#books.get(key);
    const row = this.#state.get(host, POOLS.indexOf(pool));
    const state: HostPoolState | undefined = row && JSON.parse(text(row[0]));
    const book = state && new CensusBook(state.book);
    this.#books.set(key, book);
    return book;
  }

  #logOf(host: number): HostLogStatus {
    const known = this.#logs.get(host);
    if (known !== undefined) return known;
    const log: HostLogStatus = JSON.parse(text(this.#log.get(host)?.[0] ?? '{}'));
    this.#logs.set(host, log);
    return log;
  }
}
