import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { copyReadable } from '../../sqlite/copy-readable.ts';
import { replaceDamaged } from '../../sqlite/replace.ts';
import { damageOf, withoutGarbage } from './damage-of.ts';
import { openForReading, openForWriting } from './database.ts';

/** The outcome for a damaged database. */
export interface Repaired {
  readonly records: number;
  /** What was damaged. */
  readonly damage: readonly string[];
}

/** Tables that follow from the others: they are derived again at the next opening. */
const DERIVED =
  /^(client_records|client_records_new|leases|lease_changes|host_pools|duplicates|former_requests|product_use|machine_search|sqlite_)/;

/** Rows that only mean something with others are left out if those are lost, so that they can be sent again. */
const TIDY = `
DELETE FROM clients WHERE machine NOT IN (SELECT id FROM machines);
DELETE FROM records WHERE client NOT IN (SELECT id FROM clients) OR machine NOT IN (SELECT id FROM machines)
  OR product NOT IN (SELECT id FROM products) OR host NOT IN (SELECT id FROM hosts)
  OR named_host NOT IN (SELECT id FROM hosts);
DELETE FROM notices WHERE host NOT IN (SELECT id FROM hosts) OR named_host NOT IN (SELECT id FROM hosts);
DELETE FROM inventory_rows WHERE source NOT IN (SELECT id FROM inventory_sources);
DELETE FROM meta WHERE name IN ('derivation', 'lease_generation');
DELETE FROM log_bookmarks; -- the logs of the hosts may still have what was lost
INSERT INTO machine_search (rowid, name) SELECT id, name FROM machines`;

/**
 * Saves what can be read of a damaged database into a new one, which takes its place. The indexes are those of what is
 * there: what was lost is new when it is sent again.
 * @returns undefined if nothing is damaged
 */
export function repair(path: string): Repaired | undefined {
  const fresh = `${path}.repairing`;
  remove(fresh);
  const from = openForReading(path);
  let repaired: Repaired | undefined;
  try {
    const damage = damageOf(from);
    if (damage.length === 0) return undefined;
    repaired = { damage, records: save(from, fresh) };
  } catch (error) {
    // It would keep the room that there was too little of from the database itself.
    remove(fresh);
    throw error;
  } finally {
    from.close();
  }
  replaceDamaged(path, fresh);
  return repaired;
}

function remove(path: string): void {
  for (const part of ['', '-wal', '-shm']) rmSync(`${path}${part}`, { force: true });
}

function save(from: DatabaseSync, path: string): number {
  const to = openForWriting(path);
  try {
    const tables = to.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    to.exec('BEGIN');
    for (const { name } of tables) if (!DERIVED.test(String(name))) copyReadable(from, to, String(name));
    to.exec(`${TIDY}; ${withoutGarbage()}; COMMIT`);
    return Number(to.prepare('SELECT count(*) AS n FROM records').get()?.['n']);
  } finally {
    to.close();
  }
}
