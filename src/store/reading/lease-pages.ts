import type { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { Seconds } from '../../kernel/time.ts';
import { num, query, type Row, text } from '../database/rows.ts';
import { type StoreFailure, storeFailure } from '../failure.ts';
import { Catalogue } from '../history/catalogue.ts';
import type { Names } from '../history/names.ts';
import { Reports } from '../history/reports.ts';
import type { LeasePage, LeaseQuery, LeaseSort } from '../queries.ts';
import type { StoreSettings } from '../settings.ts';
import { type Cursor, type Position, readCursor, writeCursor } from './cursor.ts';
import { type Conditions, filterOf } from './lease-filter.ts';
import { type LeaseContext, leaseJson } from './lease-json.ts';
import { ORDERS, PAGE_COLUMNS } from './lease-orders.ts';
import { queryLeases } from './lease-source.ts';
import { readLease, type StoredLease } from './read-lease.ts';
import { findMachines } from './search.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

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

  page(asked: LeaseQuery, now: Seconds): Result<LeasePage, StoreFailure> {
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
      leases: shown.map((row) => leaseJson(this.#read(row), context)),
      next_cursor: last === undefined || !(isBack || hasMore) ? null : writeCursor(sort, positionOf(sort, last)),
      previous_cursor:
        first === undefined || cursor.value === undefined ? null : writeCursor(sort, positionOf(sort, first), 'before'),
    });
  }

  /** The leases whose last request was under one of these names, soonest end first. @param machines their numbers */
  ofMachines(machines: readonly number[]): StoredLease[] {
    const list = JSON.stringify(machines);
    const { select, order } = ORDERS.expiry;
    return queryLeases(
      this.#database,
      (source) => `${select(source, true)} WHERE l.machine IN (SELECT value FROM json_each(?))`,
      `ORDER BY ${order.join(', ')}`,
      [list],
    ).map((row) => this.#read(row));
  }

  context(now: Seconds): LeaseContext {
    const { leases, reportStaleAfter } = this.#settings;
    const interval = (host: string): number => {
      const no = this.#names.hosts.find(host) ?? 0;
      return this.#reports.freshAt(no, now, reportStaleAfter)?.activationInterval ?? leases.activationInterval;
    };
    return { now, settings: leases, catalogue: this.#catalogue, interval };
  }

  #read(row: Row): StoredLease {
    return readLease(row, this.#names, this.#catalogue);
  }

  #rows(asked: LeaseQuery, sort: LeaseSort, cursor: Cursor | undefined, limit: number, now: Seconds): readonly Row[] {
    const conditions = this.#conditions(asked, now);
    const machines = asked.client === undefined ? undefined : findMachines(this.#database, asked.client.toLowerCase());
    if (machines !== undefined) {
      conditions.add('l.machine IN (SELECT value FROM json_each(?))', JSON.stringify(machines));
    } else if (asked.client !== undefined) conditions.add('instr(m.name, ?) > 0', asked.client.toLowerCase());
    const { select, keys, order, descends } = ORDERS[sort];
    const isDown = descends !== (cursor?.side === 'before');
    if (cursor !== undefined) {
      conditions.add(`(${keys}) ${isDown ? '<' : '>'} (${keys.map(() => '?')})`, ...cursor.position);
    }
    const isFailing = asked.state === 'renewal_failing';
    return queryLeases(
      this.#database,
      (source) => `${select(source, machines !== undefined, isFailing)} WHERE ${conditions.sql}`,
      `ORDER BY ${order.map((column) => (isDown ? `${column} DESC` : column)).join(', ')} LIMIT ?`,
      conditions.values,
      [limit],
    );
  }

  /** By activation id or name. */
  #productsNamed(wanted: string): number[] {
    return query(this.#database, 'SELECT id, activation_id FROM products')
      .all()
      .filter(([, id]) => id === wanted || this.#catalogue.nameOf(text(id)).toLowerCase() === wanted)
      .map(([id]) => num(id));
  }

  #conditions(asked: LeaseQuery, now: Seconds): Conditions {
    return filterOf(asked, this.#settings, now, {
      products: asked.product === undefined ? [] : this.#productsNamed(asked.product.toLowerCase()),
      host:
        asked.host === undefined ? 0 : (this.#names.hosts.find(this.#settings.aliases[asked.host] ?? asked.host) ?? 0),
    });
  }
}

function positionOf(sort: LeaseSort, row: Row): Position {
  return ORDERS[sort].keys.map((key) => {
    const value = row[PAGE_COLUMNS.indexOf(key)];
    return typeof value === 'string' ? value : num(value);
  });
}

function withoutCursor({ cursor: _, ...rest }: LeaseQuery): LeaseQuery {
  return rest;
}
