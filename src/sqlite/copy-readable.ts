import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

type Row = readonly SQLOutputValue[];

/** Rows that are read at once while nothing is wrong. */
const AT_ONCE = 2048;
/** Reads of a table that may fail, some seconds: a page has some fifty rows, and each of them fails by itself in the end. */
const MOST_FAILURES = 60_000;

/**
 * Copies what can be read of a table, around its damaged pages. A row that does not fit the table is left out.
 * @returns how many rows were copied
 */
export function copyReadable(from: DatabaseSync, to: DatabaseSync, table: string): number {
  const known = new Set(columnsOf(to, table).map(({ name }) => name));
  const columns = columnsOf(from, table).filter(({ name }) => known.has(name));
  if (columns.length === 0) return 0;
  const names = columns.map(({ name }) => name).join(', ');
  const insert = to.prepare(`INSERT OR IGNORE INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')})`);
  let copied = 0;
  const put = (row: Row): void => {
    try {
      copied += Number(insert.run(...(row as SQLInputValue[])).changes);
    } catch {
      // Garbage that looks like a row, but has not its types.
    }
  };
  if (hasRowid(from, table)) byNumber(from, table, names, put);
  else fromBothEnds(from, table, names, columns, put);
  return copied;
}

interface Column {
  readonly name: string;
  /** Its place in the primary key, from 1 on; 0 if it is not in it. */
  readonly key: number;
}

function columnsOf(database: DatabaseSync, table: string): readonly Column[] {
  const rows = database.prepare(`PRAGMA table_info('${table}')`).all();
  return rows.map((row) => ({ name: String(row['name']), key: Number(row['pk']) }));
}

function hasRowid(database: DatabaseSync, table: string): boolean {
  const list = database.prepare(`PRAGMA table_list('${table}')`).all();
  return list.every((row) => row['wr'] === 0);
}

/** Halves a range of row numbers that cannot be read, until the damaged rows are left. */
function byNumber(database: DatabaseSync, table: string, names: string, put: (row: Row) => void): void {
  const read = arrays(database, `SELECT ${names} FROM ${table} NOT INDEXED WHERE rowid BETWEEN ? AND ?`);
  const known = lastNumber(database, table);
  // If the way to the last row is damaged, it is most likely the root, and nothing can be found.
  const most = known === undefined ? MOST_FAILURES / 20 : MOST_FAILURES;
  const last = known ?? pageCount(database) * AT_ONCE;
  let failures = 0;
  const copy = (first: number, last: number): void => {
    if (failures >= most) return;
    const rows = tryTo(() => read.all(first, last) as unknown as readonly Row[]);
    for (const row of rows ?? []) put(row);
    if (rows !== undefined || first === last) return;
    failures += 1;
    const middle = Math.floor((first + last) / 2);
    copy(first, middle);
    copy(middle + 1, last);
  };
  for (let first = 1; first <= last; first += AT_ONCE) copy(first, Math.min(first + AT_ONCE - 1, last));
}

function lastNumber(database: DatabaseSync, table: string): number | undefined {
  const last = tryTo(() => arrays(database, `SELECT max(rowid) FROM ${table}`).get() as unknown as Row);
  return last && Number(last[0] ?? 0);
}

function pageCount(database: DatabaseSync): number {
  const pages = tryTo(() => arrays(database, 'PRAGMA page_count').get() as unknown as Row);
  return Number(pages?.[0] ?? 0);
}

/** In the order of the key up to the first damaged page, and backwards down to the last. */
function fromBothEnds(
  database: DatabaseSync,
  table: string,
  names: string,
  columns: readonly Column[],
  put: (row: Row) => void,
): void {
  const keys = columns.filter(({ key }) => key > 0).sort((a, b) => a.key - b.key);
  for (const order of ['ASC', 'DESC']) {
    const by = keys.map(({ name }) => `${name} ${order}`).join(', ');
    const isWhole = tryTo(() => {
      const rows = arrays(database, `SELECT ${names} FROM ${table} ORDER BY ${by}`).iterate();
      for (const row of rows as unknown as Iterable<Row>) put(row);
      return true;
    });
    if (isWhole === true) return;
  }
}

function arrays(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
