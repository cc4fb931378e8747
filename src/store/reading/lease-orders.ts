import type { LeaseSort } from '../queries.ts';
import type { LeaseIndex, LeaseSource } from './lease-source.ts';
import { STORED_LEASE } from './read-lease.ts';

/** Columns of a page's row: a lease with its last request and client, and the name of its machine. */
export const PAGE_COLUMNS: readonly string[] = [...STORED_LEASE, 'm.name'];

/** An order of a list. */
export interface Order {
  /** Columns of the position of a row. */
  readonly keys: readonly string[];
  /** The same as numbers of columns, from 1. */
  readonly order: readonly number[];
  readonly descends: boolean;
  /** How another table is walked in this order; without it the index of leases that was chosen has the order. */
  readonly walk?: Walk;
}

/** Quick if many leases fit: those of the first entries fill a page. If few fit, it would visit each entry in vain. */
export interface Walk {
  /** A statement up to its WHERE. */
  readonly select: (source: LeaseSource) => string;
  /** The table and its column that has the order. */
  readonly table: string;
  readonly column: string;
  /** Where it begins, and where it does in the other direction. */
  readonly begin: string | number;
  readonly end: string | number;
}

const SELECT = `SELECT ${PAGE_COLUMNS.join(', ')} FROM`;
const RECORD = 'CROSS JOIN records r ON r.id = l.record';
const CLIENT = 'CROSS JOIN clients c ON c.id = l.client';
/** The name is looked at before anything else of a client is read: most do not fit. */
const MACHINE = 'CROSS JOIN machines m ON m.id = l.machine';

/** Leases as an index has them, up to the WHERE. */
export function selectByLease(source: LeaseSource, index: LeaseIndex): string {
  return `${SELECT} ${source.table(index)} ${MACHINE} ${RECORD} ${CLIENT}`;
}

function order(keys: readonly string[], descends: boolean, walk?: Walk): Order {
  const numbers = keys.map((key) => PAGE_COLUMNS.indexOf(key) + 1);
  return { keys, order: numbers, descends, ...(walk && { walk }) };
}

export const ORDERS: Readonly<Record<LeaseSort, Order>> = {
  expiry: order(['l.expiry', 'l.id'], false),
  client: order(['m.name', 'l.id'], false, {
    table: 'machines',
    column: 'name',
    begin: '',
    // No name has a character beyond.
    end: '\u{10ffff}',
    select: (source) =>
      `${SELECT} machines m CROSS JOIN ${source.table('machine')} ON l.machine = m.id ${RECORD} ${CLIENT}`,
  }),
  // The last requests are records, so their index has the order.
  last_request: order(['r.time', 'r.host', 'r.log', 'r.record_id'], true, {
    table: 'records',
    column: 'time',
    begin: Number.MAX_SAFE_INTEGER,
    end: Number.MIN_SAFE_INTEGER,
    select: (source) => `${SELECT} records r INDEXED BY records_key CROSS JOIN ${source.table('client')}
           ON l.client = r.client AND l.product = r.product AND l.record = r.id ${MACHINE} ${CLIENT}`,
  }),
};
