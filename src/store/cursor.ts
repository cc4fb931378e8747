import { err, ok, type Result } from '../kernel/result.ts';
import { type StoreFailure, storeFailure } from './failure.ts';
import type { LeaseSort } from './queries.ts';

/** Where the next page begins: the sort keys of the last row of this one. */
export type Position = readonly (string | number)[];

export function writeCursor(sort: LeaseSort, position: Position): string {
  return Buffer.from(JSON.stringify([sort, ...position])).toString('base64url');
}

/** @returns undefined for no cursor */
export function readCursor(sort: LeaseSort, cursor: string | undefined): Result<Position | undefined, StoreFailure> {
  if (cursor === undefined) return ok(undefined);
  const position = parse(cursor);
  if (position?.[0] !== sort || position.length !== KEYS[sort].length + 1) {
    return err(storeFailure('bad_query', 'the cursor is not one of this list'));
  }
  const keys = position.slice(1);
  const fits = keys.every((key, index) => typeof key === KEYS[sort][index]);
  return fits ? ok(keys) : err(storeFailure('bad_query', 'the cursor is not one of this list'));
}

const KEYS = {
  expiry: ['number', 'number'],
  client: ['string', 'number'],
  last_request: ['number', 'number', 'number', 'number'],
} as const satisfies Record<LeaseSort, readonly string[]>;

function parse(cursor: string): Position | undefined {
  if (cursor.length > 1000) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
