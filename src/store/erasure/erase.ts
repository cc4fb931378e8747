import type { DatabaseSync } from 'node:sqlite';
import { LEASE_TABLES } from '../database/lease-table-sql.ts';
import { writeMeta } from '../database/meta.ts';
import { query, text } from '../database/rows.ts';
import { transaction } from '../database/transaction.ts';
import { ofClients } from '../history/client-records.ts';
import { noteChange } from '../inventory/take-part.ts';
import type { Erasure } from './erasure-types.ts';
import { NAMED_TABLES, namesOfMachine } from './names-of-machine.ts';

/** Finds everything that an erasure would erase. It looks at every record. */
export function planErasure(database: DatabaseSync, asked: readonly string[]): Erasure {
  const plan = select(database, asked);
  forgetSelected(database);
  return plan;
}

/** Leaves the names in `temp.erased`, each with its number if logs have it. */
function select(database: DatabaseSync, asked: readonly string[]): Erasure {
  const found = asked.map((one) => ({ asked: one, names: namesOfMachine(database, one) }));
  const machines = found.filter(({ names }) => names.length > 0);
  forgetSelected(database);
  database.exec('CREATE TEMP TABLE erased (id INTEGER, name TEXT NOT NULL)');
  const put = query(database, 'INSERT INTO temp.erased VALUES ((SELECT id FROM machines WHERE name = ?1), ?1)');
  for (const name of new Set(machines.flatMap(({ names }) => names))) put.run(name);
  const count = (sql: string): number => query(database, sql).num();
  return {
    machines,
    unknown: found.filter(({ names }) => names.length === 0).map((one) => one.asked),
    records: count('SELECT count(*) FROM records WHERE machine IN (SELECT id FROM temp.erased)'),
    leases: count(
      `SELECT count(*) FROM (${LEASE_TABLES.map((table) => `SELECT id FROM ${table} WHERE machine IN (SELECT id FROM temp.erased)`).join(' UNION ')})`,
    ),
    rows: NAMED_TABLES.reduce(
      (sum, table) => sum + count(`SELECT count(*) FROM ${table} WHERE machine IN (SELECT name FROM temp.erased)`),
      0,
    ),
  };
}

/** Erases, and overwrites what is deleted in the file of the database. The log has it until `writeBack`. */
export function eraseSecurely(database: DatabaseSync, asked: readonly string[]): Erasure {
  database.exec('PRAGMA secure_delete = ON');
  try {
    return transaction(database, () => erase(database, asked));
  } finally {
    database.exec('PRAGMA secure_delete = FAST');
  }
}

/** Writes the log of the database back, and empties it. @returns false if a reader still needs it */
export function writeBack(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0;
}

/**
 * Erases what is kept of machines, within a transaction. The leases have to be derived again from what is left, and what
 * is in memory has to be read again: it has the names too.
 */
function erase(database: DatabaseSync, asked: readonly string[]): Erasure {
  const plan = select(database, asked);
  if (plan.machines.length > 0) eraseSelected(database, plan);
  forgetSelected(database);
  return plan;
}

function eraseSelected(database: DatabaseSync, plan: Erasure): void {
  const run = (sql: string): void => void query(database, sql).run();
  run('DELETE FROM records WHERE machine IN (SELECT id FROM temp.erased)');
  for (const table of [...LEASE_TABLES, 'former_requests'])
    run(`DELETE FROM ${table} WHERE machine IN (SELECT id FROM temp.erased)`);
  for (const table of NAMED_TABLES) run(`DELETE FROM ${table} WHERE machine IN (SELECT name FROM temp.erased)`);
  eraseOtherNames(database, plan);
  run(
    `DELETE FROM clients WHERE id NOT IN (SELECT client FROM records) AND id NOT IN (SELECT client FROM leases)
       AND id NOT IN (SELECT client FROM lease_changes) AND machine IN (SELECT id FROM temp.erased)`,
  );
  // Of a client id that others use as well, one of them is the newest now.
  run(
    `UPDATE clients SET (machine, name) = (SELECT m.id, m.name FROM machines m WHERE m.id = (
       SELECT machine FROM (${ofClients('r.machine, o.time', 'o.client = clients.id')}) ORDER BY time DESC LIMIT 1))
     WHERE machine IN (SELECT id FROM temp.erased) AND id IN (SELECT client FROM records)`,
  );
  run('DELETE FROM clients WHERE machine IN (SELECT id FROM temp.erased)');
  run(`DELETE FROM name_variants WHERE bare IN (SELECT id FROM temp.erased) OR full IN (SELECT id FROM temp.erased)`);
  run(`INSERT INTO machine_search (machine_search, rowid, name)
    SELECT 'delete', id, name FROM temp.erased WHERE id IS NOT NULL`);
  // A row that was deleted from the index stays in it until the index is merged.
  run(`INSERT INTO machine_search (machine_search) VALUES ('optimize')`);
  run('DELETE FROM machines WHERE id IN (SELECT id FROM temp.erased)');
  const names = plan.machines.flatMap((machine) => machine.names);
  scrub(database, 'open_conditions', 'condition', names);
  scrub(database, 'outbox', 'alert', names);
  writeMeta(database, 'derivation', '');
  noteChange(database);
}

function forgetSelected(database: DatabaseSync): void {
  database.exec('DROP TABLE IF EXISTS temp.erased');
}

/** Rows of other machines that have one of the names beside their own. */
function eraseOtherNames(database: DatabaseSync, { machines }: Erasure): void {
  const erased = new Set(machines.flatMap(({ names }) => names));
  const keep = query(database, 'UPDATE inventory_rows SET other_names = ? WHERE machine = ? AND source = ?');
  const rows = query(
    database,
    'SELECT machine, source, other_names FROM inventory_rows WHERE other_names IS NOT NULL',
  ).all();
  for (const [machine = null, source = null, other] of rows) {
    const names: readonly string[] = JSON.parse(text(other));
    const left = names.filter((name) => !erased.has(name));
    if (left.length < names.length) keep.run(left.length === 0 ? null : JSON.stringify(left), machine, source);
  }
}

/** Takes names out of the texts of alerts and conditions: the next evaluation words them again. */
function scrub(database: DatabaseSync, table: string, column: string, names: readonly string[]): void {
  const put = query(database, `UPDATE ${table} SET ${column} = ?2 WHERE ${column} = ?1`);
  for (const [before] of query(database, `SELECT ${column} FROM ${table}`).all()) {
    const clean = names.reduce((left, name) => left.replaceAll(wholeName(name), '(erased)'), text(before));
    if (clean !== before) put.run(text(before), clean);
  }
}

function wholeName(name: string): RegExp {
  return new RegExp(
    `(?<![\\p{L}\\p{N}._-])${name.replaceAll('.', String.raw`\.`)}(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
    'giu',
  );
}
