import type { LeaseSort } from '../queries.ts';
import type { LeaseIndex, LeaseSource } from './lease-source.ts';
import { STORED_LEASE } from './read-lease.ts';

/** Columns of a page's row: a lease with its last request and client, and the name of its machine. */
export const PAGE_COLUMNS: readonly string[] = [...STORED_LEASE, 'm.name'];

/** An order of a list, and how the tables are walked in it. */
export interface Order {
  /**
   * A statement up to its WHERE.
   * @param ofMachines the machines are known and few: their leases are looked up and sorted
   * @param isFailing only leases in doubt are wanted, which have an index of their own
   */
  readonly select: (source: LeaseSource, ofMachines?: boolean, isFailing?: boolean) => string;
  /** Columns of the position of a row. */
  readonly keys: readonly string[];
  /** The same as numbers of columns, from 1. */
  readonly order: readonly number[];
  readonly descends: boolean;
}

const SELECT = `SELECT ${PAGE_COLUMNS.join(', ')} FROM`;
const RECORD = 'CROSS JOIN records r ON r.id = l.record';
const CLIENT = 'CROSS JOIN clients c ON c.id = l.client';
/** The name is looked at before anything else of a client is read: most do not fit. */
const MACHINE = 'CROSS JOIN machines m ON m.id = l.machine';

function byLease(source: LeaseSource, index: LeaseIndex): string {
  return `${SELECT} ${source.table(index)} ${MACHINE} ${RECORD} ${CLIENT}`;
}

function order(keys: readonly string[], descends: boolean, select: Order['select']): Order {
  return { select, keys, order: keys.map((key) => PAGE_COLUMNS.indexOf(key) + 1), descends };
}

export const ORDERS: Readonly<Record<LeaseSort, Order>> = {
  expiry: order(['l.expiry', 'l.id'], false, (source, ofMachines, isFailing) =>
    byLease(source, ofMachines === true ? 'machine' : isFailing === true ? 'doubt' : 'expiry'),
  ),
  client: order(['m.name', 'l.id'], false, (source, ofMachines) =>
    ofMachines === true || source.isSmall
      ? byLease(source, 'machine')
      : `${SELECT} machines m CROSS JOIN ${source.table('machine')} ON l.machine = m.id ${RECORD} ${CLIENT}`,
  ),
  // The last requests are records, so their index has the order.
  last_request: order(['r.time', 'r.host', 'r.log', 'r.record_id'], true, (source, ofMachines) =>
    ofMachines === true || source.isSmall
      ? byLease(source, ofMachines === true ? 'machine' : 'expiry')
      : `${SELECT} records r INDEXED BY records_key CROSS JOIN ${source.table('client')}
           ON l.client = r.client AND l.product = r.product AND l.record = r.id ${MACHINE} ${CLIENT}`,
  ),
};
