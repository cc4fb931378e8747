import type { DatabaseSync } from 'node:sqlite';

/** Kinds of damage that are listed. */
const MOST = 20;

/**
 * Reads the whole database: each page, each row, and whether the indexes fit the tables. One table after the other, as
 * each is one read transaction, past which the write-ahead log cannot be taken back.
 * @returns what is damaged, in SQLite's words; empty if nothing is
 */
export function damageIn(database: DatabaseSync): readonly string[] {
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return tables.flatMap(({ name }) => damageOf(database, String(name))).slice(0, MOST);
  } catch (error) {
    return [textOf(error)];
  }
}

function damageOf(database: DatabaseSync, table: string): readonly string[] {
  try {
    const found = database.prepare(`PRAGMA integrity_check('${table}')`).all();
    const texts = found.map((row) => String(row['integrity_check']));
    return texts.filter((text) => text !== 'ok').map((text) => `table ${table}: ${text.replaceAll('\n', '; ')}`);
  } catch (error) {
    return [`table ${table}: ${textOf(error)}`];
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
