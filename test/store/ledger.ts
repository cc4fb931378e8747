import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { openStore } from '../../src/store/store.ts';
import { FOREVER } from '../support/patient.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';

export interface Ledger {
  /** The record ids that are there. */
  readonly stored: ReadonlySet<number>;
  /** How many requests, and how many accepted records, the counters have. */
  readonly requests: number | undefined;
  readonly accepted: number;
  /** Clients whose newest record is in no lease. */
  readonly stale: readonly unknown[];
}

/** What a store has after it was killed: the data on disk, and the answers of an agent that starts from them. */
export async function ledgerOf(path: string): Promise<Ledger> {
  const database = new DatabaseSync(path, { readOnly: true });
  const stored = new Set(
    database
      .prepare('SELECT record_id FROM records')
      .all()
      .map((row) => Number(row['record_id'])),
  );
  database.close();
  const opened = await openStore(path, { settings: DEFAULT_SETTINGS, clock: systemClock, logger: silentLogger });
  if (!opened.ok) throw new Error(opened.error);
  const aggregates = await opened.value.count(FOREVER);
  await opened.value.close();
  const requests = aggregates?.requests.reduce((sum, { count }) => sum + count, 0);
  const accepted = aggregates?.ingest.find(({ result }) => result === 'accepted')?.count ?? 0;
  return { stored, requests, accepted, stale: staleLeases(path) };
}

/** Clients whose newest record is in no lease: the row of a large batch is in the table of changes, if it has one there. */
function staleLeases(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database
    .prepare(
      `SELECT r.client, max(r.time) AS newest, l.last FROM records r LEFT JOIN (
         SELECT client, last FROM lease_changes UNION ALL
         SELECT client, last FROM leases WHERE id NOT IN (SELECT id FROM lease_changes)) l ON l.client = r.client
       GROUP BY r.client HAVING l.last IS NULL OR l.last <> newest LIMIT 10`,
    )
    .all();
  database.close();
  return rows;
}
