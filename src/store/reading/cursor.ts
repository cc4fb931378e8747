import { err, ok, type Result } from '../../kernel/result.ts';
import { type StoreFailure, storeFailure } from '../failure.ts';
import type { LeaseSort } from '../queries.ts';

/** A row in a list: its sort keys. */
export type Position = readonly (string | number)[];

/** A page lies before a row or after it. */
export type Side = 'before' | 'after';

export interface Cursor {
  readonly side: Side;
  readonly position: Position;
}

/** An order, and whether it is turned round. */
export interface Sorting {
  readonly sort: LeaseSort;
  readonly reverse: boolean;
}

export function writeCursor(sorting: Sorting, position: Position, side: Side = 'after'): string {
  const list = nameOf(sorting);
  const keys = side === 'before' ? [list, ...position, side] : [list, ...position];
  return encode(keys);
}

/** @returns undefined for no cursor */
export function readCursor(sorting: Sorting, cursor: string | undefined): Result<Cursor | undefined, StoreFailure> {
  if (cursor === undefined) return ok(undefined);
  const [list, ...keys] = decode(cursor) ?? [];
  const types = KEYS[sorting.sort];
  const side = keys.at(-1) === 'before' ? 'before' : 'after';
  const position = side === 'before' ? keys.slice(0, -1) : keys;
  const fits = position.length === types.length && position.every((key, index) => typeof key === types[index]);
  if (list === nameOf(sorting) && fits) return ok({ side, position });
  return err(storeFailure('bad_query', 'the cursor is not one of this list'));
}

const KEYS = {
  expiry: ['number', 'number'],
  client: ['string', 'number'],
  last_request: ['number', 'number', 'number', 'number'],
} as const satisfies Record<LeaseSort, readonly string[]>;

function nameOf({ sort, reverse }: Sorting): string {
  return reverse ? `-${sort}` : sort;
}

/** A position as one word of a URL. */
export function encode(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @returns undefined if it is no position; its parts may be anything */
export function decode(cursor: string): Position | undefined {
  if (cursor.length > 1000) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
