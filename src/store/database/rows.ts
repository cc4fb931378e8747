import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { type Seconds, seconds } from '../../kernel/time.ts';

/** A row as an array: much cheaper to make than one with names. */
export type Row = readonly SQLOutputValue[];

/** A statement whose rows are arrays. */
export interface Query {
  get(...values: readonly SQLInputValue[]): Row | undefined;
  all(...values: readonly SQLInputValue[]): readonly Row[];
  /** The first column of all rows, as the schema says that it is. */
  texts(...values: readonly SQLInputValue[]): string[];
  nums(...values: readonly SQLInputValue[]): number[];
  iterate(...values: readonly SQLInputValue[]): Iterable<Row>;
  /** @returns how many rows were changed */
  run(...values: readonly SQLInputValue[]): number;
  /** @returns the number of the new row; much cheaper than RETURNING */
  insert(...values: readonly SQLInputValue[]): number;
  /** Of INSERT OR IGNORE. @returns undefined if the row was ignored */
  insertNew(...values: readonly SQLInputValue[]): number | undefined;
}

export function query(database: DatabaseSync, sql: string): Query {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  const all = (...values: readonly SQLInputValue[]) => statement.all(...values) as unknown as readonly Row[];
  return {
    get: (...values) => statement.get(...values) as Row | undefined,
    all,
    texts: (...values) => all(...values).map(([value]) => text(value)),
    nums: (...values) => all(...values).map(([value]) => num(value)),
    iterate: (...values) => statement.iterate(...values) as unknown as Iterable<Row>,
    run: (...values) => Number(statement.run(...values).changes),
    insert: (...values) => Number(statement.run(...values).lastInsertRowid),
    insertNew: (...values) => {
      const { changes, lastInsertRowid } = statement.run(...values);
      return changes === 0 ? undefined : Number(lastInsertRowid);
    },
  };
}

/**
 * All rows, many at a time: one at a time they cost three times as much.
 * @param slice finds those after others by their first columns, up to a limit @param before values before those of all rows
 */
export function* bySlices(slice: Query, before: readonly SQLInputValue[], size: number): Iterable<Row> {
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
