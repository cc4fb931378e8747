import type { DatabaseSync } from 'node:sqlite';
import { type ReportedCount, reportHolds } from '../../leases/reported.ts';
import type { Interval, Pool } from '../../leases/types.ts';
import { maybe, num, type Query, query } from '../database/rows.ts';
import type { ReportedCounts } from '../store-types.ts';

/** A report that was fresh at some time. */
export interface FreshReport {
  readonly time: number;
  readonly windows: number | undefined;
  readonly office: number | undefined;
  readonly activationInterval: number | undefined;
}

/** What hosts said of their own counts, over time. */
export class Reports {
  readonly #insert: Query;
  readonly #at: Query;
  readonly #next: Query;
  readonly #forget: Query;

  constructor(database: DatabaseSync) {
    this.#insert = query(
      database,
      `INSERT INTO reports (host, time, windows, office, activation_interval) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET windows = excluded.windows, office = excluded.office,
         activation_interval = excluded.activation_interval`,
    );
    this.#at = query(
      database,
      `SELECT time, windows, office, activation_interval FROM reports
       WHERE host = ? AND time <= ? AND time > ? ORDER BY time DESC LIMIT 1`,
    );
    this.#next = query(database, 'SELECT min(time) FROM reports WHERE host = ? AND time > ?');
    this.#forget = query(database, 'DELETE FROM reports WHERE time < ?');
  }

  /** @returns when requests may have another answer by it */
  add(host: number, { time, counts, activationInterval }: ReportedCounts, staleAfter: number): Interval {
    this.#insert.run(host, time, counts.windows ?? null, counts.office ?? null, activationInterval ?? null);
    const next = maybe(this.#next.get(host, time)?.[0]);
    const point = { time, count: undefined } satisfies ReportedCount;
    return reportHolds(point, next === undefined ? undefined : { time: next, count: undefined }, staleAfter);
  }

  /** The newest report of (time - staleAfter, time]. */
  freshAt(host: number, time: number, staleAfter: number): FreshReport | undefined {
    const row = this.#at.get(host, time, time - staleAfter);
    if (row === undefined) return undefined;
    return { time: num(row[0]), windows: maybe(row[1]), office: maybe(row[2]), activationInterval: maybe(row[3]) };
  }

  countAt(host: number, pool: Pool, time: number, staleAfter: number): ReportedCount | undefined {
    const report = this.freshAt(host, time, staleAfter);
    return report === undefined ? undefined : { time: report.time, count: report[pool] };
  }

  forgetBefore(time: number): void {
    this.#forget.run(time);
  }
}
