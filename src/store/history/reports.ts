import type { DatabaseSync } from 'node:sqlite';
import { type CountReport, type KeyCount, reportReaches } from '../../leases/reported.ts';
import type { Interval } from '../../leases/types.ts';
import { maybe, num, type Query, query, type Row } from '../database/rows.ts';
import type { ReportedCounts } from '../store-types.ts';

/** A report as it was remembered. */
export interface StoredReport extends CountReport {
  readonly activationInterval: number | undefined;
}

const COLUMNS = 'time, windows, office, keys, activation_interval';

/** The counts that hosts reported, over time. */
export class Reports {
  readonly #hosts: Set<number>;
  readonly #insert: Query;
  readonly #before: Query;
  readonly #between: Query;
  readonly #next: Query;
  readonly #shorten: Query;
  readonly #forget: Query;
  readonly #putKeys: Query;

  constructor(database: DatabaseSync) {
    this.#insert = query(database, `INSERT OR REPLACE INTO reports (host, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`);
    this.#before = query(
      database,
      `SELECT ${COLUMNS} FROM reports WHERE host = ? AND time <= ? ORDER BY time DESC LIMIT 1`,
    );
    this.#between = query(
      database,
      `SELECT ${COLUMNS} FROM reports WHERE host = ? AND time > ? AND time <= ? ORDER BY time DESC`,
    );
    this.#next = query(database, 'SELECT min(time) FROM reports WHERE host = ? AND time > ?');
    this.#putKeys = query(
      database,
      `INSERT INTO host_keys (host, time, os, keys) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET time = excluded.time, os = excluded.os, keys = excluded.keys
       WHERE excluded.time >= host_keys.time`,
    );
    this.#shorten = query(database, 'UPDATE reports SET keys = NULL WHERE host = ? AND time = ?');
    this.#forget = query(database, 'DELETE FROM reports WHERE time < ?');
    // By host, as there may be very many reports.
    const reported = 'SELECT id FROM hosts WHERE EXISTS (SELECT 1 FROM reports WHERE host = hosts.id)';
    this.#hosts = new Set(query(database, reported).nums());
  }

  /** @returns when requests may have another answer by it */
  add(
    host: number,
    { time, counts, activationInterval, os, keys: named }: ReportedCounts,
    staleAfter: number,
  ): Interval {
    this.#hosts.add(host);
    if (named !== undefined) this.#putKeys.run(host, time, os ?? null, JSON.stringify(named));
    const next = maybe(this.#next.get(host, time)?.[0]);
    const older = this.before(host, time);
    if (older !== undefined && older.time < time && !hasSeveral(older.keys)) this.#shorten.run(host, older.time);
    const keys = next === undefined || hasSeveral(counts) ? JSON.stringify(counts) : null;
    const only = (pool: string) => counts.find((key) => key.pool === pool)?.clients ?? null;
    this.#insert.run(host, time, only('windows'), only('office'), keys, activationInterval ?? null);
    return reportReaches(time, next, staleAfter);
  }

  /** Those that ever reported. */
  get hosts(): readonly number[] {
    return [...this.#hosts];
  }

  has(host: number): boolean {
    return this.#hosts.has(host);
  }

  /** The newest report up to a time. */
  before(host: number, time: number): StoredReport | undefined {
    if (!this.#hosts.has(host)) return undefined;
    const row = this.#before.get(host, time);
    return row && read(row);
  }

  /** The newest report of (time - staleAfter, time]. */
  freshAt(host: number, time: number, staleAfter: number): StoredReport | undefined {
    const newest = this.before(host, time);
    return newest !== undefined && newest.time > time - staleAfter ? newest : undefined;
  }

  /** The reports of (after, until], newest first, read as they are asked for. */
  *newestFirst(host: number, after: number, until: number): Iterable<StoredReport> {
    if (!this.#hosts.has(host)) return;
    for (const row of this.#between.iterate(host, after, until)) yield read(row);
  }

  /** The first report after a time, in seconds since the epoch. */
  firstAfter(host: number, time: number): number | undefined {
    return this.#hosts.has(host) ? maybe(this.#next.get(host, time)?.[0]) : undefined;
  }

  forgetBefore(time: number): void {
    this.#forget.run(time);
  }
}

function hasSeveral(keys: readonly KeyCount[]): boolean {
  return new Set(keys.map(({ pool }) => pool)).size < keys.length;
}

function read([time, windows, office, keys, interval]: Row): StoredReport {
  const single = [
    { key: '', pool: 'windows', clients: maybe(windows) },
    { key: '', pool: 'office', clients: maybe(office) },
  ] as const;
  return {
    time: num(time),
    keys: typeof keys === 'string' ? JSON.parse(keys) : single,
    activationInterval: maybe(interval),
  };
}
