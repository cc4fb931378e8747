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
  const { sort } = sorting;
  if (cursor === undefined) return ok(undefined);
  const parts = decode(cursor);
  const side = parts?.at(-1) === 'before' && parts.length === KEYS[sort].length + 2 ? 'before' : 'after';
  const position = side === 'before' ? parts?.slice(0, -1) : parts;
  if (position?.[0] !== nameOf(sorting) || position.length !== KEYS[sort].length + 1) {
    return err(storeFailure('bad_query', 'the cursor is not one of this list'));
  }
  const keys = position.slice(1);
  const fits = keys.every((key, index) => typeof key === KEYS[sort][index]);
  return fits ? ok({ side, position: keys }) : err(storeFailure('bad_query', 'the cursor is not one of this list'));
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
