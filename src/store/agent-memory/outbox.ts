import type { DatabaseSync } from 'node:sqlite';
import { num, query, text } from '../database/rows.ts';

/** The last state of one alert that a receiver of notifications has. */
export interface OutboxRow {
  readonly fingerprint: string;
  /** Whether it has still to hear of it. */
  readonly pending: boolean;
  /** The alert as JSON, which the store does not look into. */
  readonly alert: string;
}

/** By receiver, in the order of their fingerprints. */
export function loadOutbox(database: DatabaseSync): readonly (readonly [receiver: string, row: OutboxRow])[] {
  return query(database, 'SELECT receiver, fingerprint, pending, alert FROM outbox ORDER BY receiver, fingerprint')
    .all()
    .map(([receiver, fingerprint, pending, alert]) => [
      text(receiver),
      { fingerprint: text(fingerprint), pending: num(pending) === 1, alert: text(alert) },
    ]);
}

export function saveOutbox(
  database: DatabaseSync,
  receiver: string,
  put: readonly OutboxRow[],
  drop: readonly string[],
): undefined {
  const insert = query(
    database,
    'INSERT OR REPLACE INTO outbox (receiver, fingerprint, pending, alert) VALUES (?, ?, ?, ?)',
  );
  for (const { fingerprint, pending, alert } of put) insert.run(receiver, fingerprint, pending ? 1 : 0, alert);
  const remove = query(database, 'DELETE FROM outbox WHERE receiver = ? AND fingerprint = ?');
  for (const fingerprint of drop) remove.run(receiver, fingerprint);
}

/** Forgets the receivers that are not named. */
export function keepOutbox(database: DatabaseSync, receivers: readonly string[]): undefined {
  const others = 'DELETE FROM outbox WHERE receiver NOT IN (SELECT value FROM json_each(?))';
  query(database, others).run(JSON.stringify(receivers));
}
