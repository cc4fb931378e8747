import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { type Seconds, seconds } from '../../kernel/time.ts';

/** A row as an array: much cheaper to make than one with names. */
export type Row = readonly SQLOutputValue[];

/** A statement whose rows are arrays. */
export type Query = ReturnType<typeof query>;

type Values = readonly SQLInputValue[];

export function query(database: DatabaseSync, sql: string) {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  const get = (...values: Values) => statement.get(...values) as Row | undefined;
  const all = (...values: Values) => statement.all(...values) as unknown as readonly Row[];
  return {
    get,
    all,
    /** The first column of the first row, as the schema says that it is. */
    num: (...values: Values) => num(get(...values)?.[0]),
    /** The first column of all rows. */
    texts: (...values: Values) => all(...values).map(([value]) => text(value)),
    nums: (...values: Values) => all(...values).map(([value]) => num(value)),
    iterate: (...values: Values) => statement.iterate(...values) as unknown as Iterable<Row>,
    /** @returns how many rows were changed */
    run: (...values: Values) => Number(statement.run(...values).changes),
    /** @returns the number of the new row; much cheaper than RETURNING */
    insert: (...values: Values) => Number(statement.run(...values).lastInsertRowid),
    /** Of INSERT OR IGNORE. @returns undefined if the row was ignored */
    insertNew: (...values: Values) => {
      const { changes, lastInsertRowid } = statement.run(...values);
      return changes === 0 ? undefined : Number(lastInsertRowid);
    },
  };
}

/** The largest number of a row, 0 if there is none. */
export function lastId(database: DatabaseSync, table: string): number {
  return query(database, `SELECT coalesce(max(id), 0) FROM ${table}`).num();
}

/**
 * All rows, many at a time: one at a time they cost three times as much.
 * @param slice finds those after others by their first columns, up to a limit @param before values before those of all rows
 */
export function* bySlices(slice: Query, before: Values, size: number): Iterable<Row> {
  for (let rows = slice.all(...before, size); rows.length > 0; ) {
    yield* rows;
    rows = slice.all(...(rows.at(-1)?.slice(0, before.length) ?? []), size);
  }
}

/** A column that the schema says is a number. */
export function num(value: SQLOutputValue | undefined): number {
  return Number(value);
}

export function maybe(value: SQLOutputValue | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

/** A column that the schema says is a time or a length of time in seconds. */
export function secs(value: SQLOutputValue | undefined): Seconds {
  return seconds(Number(value));
}

export function maybeSecs(value: SQLOutputValue | undefined): Seconds | undefined {
  return value === null || value === undefined ? undefined : seconds(Number(value));
}

/** The same where 0 means none. */
export function secsOrNone(value: SQLOutputValue | undefined): Seconds | undefined {
  return Number(value) === 0 ? undefined : seconds(Number(value));
}

export function text(value: SQLOutputValue | undefined): string {
  return String(value);
}
