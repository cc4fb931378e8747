import type { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../kernel/result.ts';
import { Catalogue } from './catalogue.ts';
import { type Cursor, type Position, readCursor, writeCursor } from './cursor.ts';
import { type StoreFailure, storeFailure } from './failure.ts';
import { guidText } from './guid.ts';
import { type Conditions, filterOf } from './lease-filter.ts';
import { type LeaseContext, leaseJson } from './lease-json.ts';
import { LEASE_COLUMNS, type LeaseRow, readLease } from './lease-rows.ts';
import type { Names } from './names.ts';
import type { LeasePage, LeaseQuery, LeaseSort } from './queries.ts';
import { Reports } from './reports.ts';
import { num, query, type Row, text } from './rows.ts';
import { findMachines } from './search.ts';
import type { StoreSettings } from './settings.ts';

const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1000;

/** Columns of a page's row: a lease, its client id, and when that was found in use by two machines. */
export const PAGE_COLUMNS = `${LEASE_COLUMNS.replaceAll('leases.', 'l.')}, c.guid, c.in_turn, m.name`;
const COUNT = PAGE_COLUMNS.split(',').length;

/** Lists of leases, page by page. */
export class LeasePages {
  readonly #database: DatabaseSync;
  readonly #names: Names;
  readonly #settings: StoreSettings;
  readonly #catalogue: Catalogue;
  readonly #reports: Reports;

  constructor(database: DatabaseSync, names: Names, settings: StoreSettings) {
    this.#database = database;
    this.#names = names;
    this.#settings = settings;
    this.#catalogue = new Catalogue(settings);
    this.#reports = new Reports(database);
  }

  page(asked: LeaseQuery, now: number): Result<LeasePage, StoreFailure> {
    const sort = asked.sort ?? 'expiry';
    const limit = asked.limit ?? DEFAULT_LIMIT;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      return err(storeFailure('bad_query', `the limit must be 1 to ${MAX_LIMIT}, is ${limit}`));
    }
    const cursor = readCursor(sort, asked.cursor);
    if (!cursor.ok) return cursor;
    const isBack = cursor.value?.side === 'before';
    const rows = this.#rows(asked, sort, cursor.value, limit + 1, now);
    const hasMore = rows.length > limit;
    // The first page has no cursor, and is full.
    if (isBack && !hasMore) return this.page(withoutCursor(asked), now);
    const shown = isBack ? rows.slice(0, limit).reverse() : rows.slice(0, limit);
    const [first, last] = [shown[0], shown.at(-1)];
    const context = this.context(now);
    return ok({
      leases: shown.map((row) => this.json(row, context)),
      next_cursor: last === undefined || !(isBack || hasMore) ? null : writeCursor(sort, positionOf(sort, last)),
      previous_cursor:
        first === undefined || cursor.value === undefined ? null : writeCursor(sort, positionOf(sort, first), 'before'),
    });
  }

  /** @param row of `PAGE_COLUMNS` */
  json(row: Row, context: LeaseContext) {
    const { lease, fate } = this.read(row);
    return leaseJson(lease, fate, row[COUNT - 2] !== null, context);
  }

  read(row: Row): LeaseRow {
    const guid = row[COUNT - 3];
    return readLease(row, this.#names, guid instanceof Uint8Array ? guidText(guid) : '');
  }

  context(now: number): LeaseContext {
    const { leases, reportStaleAfter } = this.#settings;
    const interval = (host: string): number => {
      const no = this.#names.hosts.find(host) ?? 0;
      return this.#reports.freshAt(no, now, reportStaleAfter)?.activationInterval ?? leases.activationInterval;
    };
    return { now, settings: leases, catalogue: this.#catalogue, interval };
  }

  #rows(asked: LeaseQuery, sort: LeaseSort, cursor: Cursor | undefined, limit: number, now: number): readonly Row[] {
    const conditions = this.#conditions(asked, now);
    const machines = asked.client === undefined ? undefined : findMachines(this.#database, asked.client.toLowerCase());
    if (machines !== undefined)
      conditions.add('l.machine IN (SELECT value FROM json_each(?))', JSON.stringify(machines));
    else if (asked.client !== undefined) conditions.add('instr(m.name, ?) > 0', asked.client.toLowerCase());
    const { from, keys, descends } = (machines === undefined ? ORDERS : SHORT_ORDERS)[sort];
    const isDown = descends !== (cursor?.side === 'before');
    const order = keys.map((key) => (isDown ? `${key} DESC` : key)).join(', ');
    if (cursor !== undefined)
      conditions.add(`(${keys}) ${isDown ? '<' : '>'} (${keys.map(() => '?')})`, ...cursor.position);
    const leases = from === ORDERS.expiry.from && asked.state === 'renewal_failing' ? FAILING : from;
    // The name is looked at before anything else of a client is read: most do not fit.
    const sql = `SELECT ${PAGE_COLUMNS} FROM ${leases}
      ${leases === ORDERS.client.from ? '' : 'CROSS JOIN machines m ON m.id = l.machine'} CROSS JOIN clients c ON c.id = l.client
      WHERE ${conditions.sql} ORDER BY ${order} LIMIT ?`;
    return query(this.#database, sql).all(...conditions.values, limit);
  }

  /** By activation id or name. */
  #productsNamed(wanted: string): number[] {
    return query(this.#database, 'SELECT id, activation_id FROM products')
      .all()
      .filter(([, id]) => id === wanted || this.#catalogue.nameOf(text(id)).toLowerCase() === wanted)
      .map(([id]) => num(id));
  }

  #conditions(asked: LeaseQuery, now: number): Conditions {
    return filterOf(asked, this.#settings, now, {
      products: asked.product === undefined ? [] : this.#productsNamed(asked.product.toLowerCase()),
      host:
        asked.host === undefined ? 0 : (this.#names.hosts.find(this.#settings.aliases[asked.host] ?? asked.host) ?? 0),
    });
  }
}

interface Order {
  /** The table that is walked in it. */
  readonly from: string;
  readonly keys: readonly string[];
  readonly descends: boolean;
}

const ORDERS = {
  expiry: { from: 'leases l INDEXED BY leases_expiry', keys: ['l.expiry', 'l.id'], descends: false },
  client: {
    from: 'machines m CROSS JOIN leases l ON l.machine = m.id',
    keys: ['m.name', 'l.id'],
    descends: false,
  },
  // The last requests are records, so their index has the order.
  last_request: {
    from: `records r INDEXED BY records_key CROSS JOIN leases l ON l.client = r.client AND l.product = r.product
       AND l.last = r.time AND l.host = r.host AND l.log = r.log AND l.record_id = r.record_id`,
    keys: ['r.time', 'r.host', 'r.log', 'r.record_id'],
    descends: true,
  },
} as const satisfies Record<LeaseSort, Order>;

/** The partial index, as few leases are in doubt. */
const FAILING = 'leases l INDEXED BY leases_doubt';

/** The same orders when the machines are known and few: their leases are looked up and sorted. */
const OF_MACHINES = 'leases l INDEXED BY leases_machine';
const SHORT_ORDERS = {
  expiry: { ...ORDERS.expiry, from: OF_MACHINES },
  client: { ...ORDERS.client, from: OF_MACHINES },
  last_request: { from: OF_MACHINES, keys: ['l.last', 'l.host', 'l.log', 'l.record_id'], descends: true },
} as const satisfies Record<LeaseSort, Order>;

const COLUMN_NAMES = PAGE_COLUMNS.split(',').map((name) => name.trim());

function positionOf(sort: LeaseSort, row: Row): Position {
  const value = (name: string): number => Number(row[COLUMN_NAMES.indexOf(name)]);
  switch (sort) {
    case 'expiry':
      return [value('l.expiry'), value('l.id')];
    case 'client':
      return [String(row[COLUMN_NAMES.indexOf('m.name')]), value('l.id')];
    case 'last_request':
      return [value('l.last'), value('l.host'), value('l.log'), value('l.record_id')];
  }
}

function withoutCursor({ cursor: _, ...rest }: LeaseQuery): LeaseQuery {
  return rest;
}
