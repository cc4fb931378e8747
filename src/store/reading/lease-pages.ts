import { foldMachineName } from '../../activations/machine-name.ts';
import type { HostName } from '../../kernel/host-name.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { Seconds } from '../../kernel/time.ts';
import { hasWords } from '../../kernel/words.ts';
import { type LeaseContext, leaseJson } from '../../leases/list-lease.ts';
import { num, query, type Row, text } from '../database/rows.ts';
import { type StoreFailure, storeFailure } from '../failure.ts';
import { Reports } from '../history/reports.ts';
import type { LeasePage, LeaseQuery, LeaseSort } from '../queries.ts';
import { type Cursor, type Position, readCursor, type Sorting, writeCursor } from './cursor.ts';
import { type Conditions, filterOf } from './lease-filter.ts';
import { ORDERS, PAGE_COLUMNS, selectByLease, type Walk } from './lease-orders.ts';
import { type LeaseIndex, type LeaseSource, queryLeases } from './lease-source.ts';
import { type ReadContext, refresh } from './read-context.ts';
import { readLease, type StoredLease } from './read-lease.ts';
import { findMachines } from './search.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
/** A page by name or by last request is full after so few entries, or few leases fit it. */
const WALKED = 5000;

/** Lists of leases, page by page. */
export class LeasePages {
  readonly #context: ReadContext;
  readonly #walked: number;

  /** @param walked entries of a walk that are visited before the leases that fit are looked up and sorted instead */
  constructor(context: ReadContext, walked = WALKED) {
    this.#context = context;
    this.#walked = walked;
  }

  page(asked: LeaseQuery, now: Seconds): Result<LeasePage, StoreFailure> {
    refresh(this.#context);
    const sorting = { sort: asked.sort ?? 'expiry', reverse: asked.reverse === true };
    const { sort } = sorting;
    const limit = asked.limit ?? DEFAULT_LIMIT;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      return err(storeFailure('bad_query', `the limit must be 1 to ${MAX_LIMIT}, is ${limit}`));
    }
    const cursor = readCursor(sorting, asked.cursor);
    if (!cursor.ok) return cursor;
    const isBack = cursor.value?.side === 'before';
    const rows = this.#rows(asked, sorting, cursor.value, limit + 1, now);
    const hasMore = rows.length > limit;
    // The first page has no cursor, and is full.
    if (isBack && !hasMore) return this.page(withoutCursor(asked), now);
    const shown = isBack ? rows.slice(0, limit).reverse() : rows.slice(0, limit);
    const [first, last] = [shown[0], shown.at(-1)];
    const context = this.context(now);
    return ok({
      leases: shown.map((row) => leaseJson(this.#read(row), context)),
      next_cursor: last === undefined || !(isBack || hasMore) ? null : writeCursor(sorting, positionOf(sort, last)),
      previous_cursor:
        first === undefined || cursor.value === undefined
          ? null
          : writeCursor(sorting, positionOf(sort, first), 'before'),
    });
  }

  /** The leases whose last request was under one of these names, soonest end first. @param machines their numbers */
  ofMachines(machines: readonly number[]): StoredLease[] {
    refresh(this.#context);
    const list = JSON.stringify(machines);
    const { order } = ORDERS.expiry;
    return queryLeases(
      this.#context.database,
      (source) => `${selectByLease(source, 'machine')} WHERE l.machine IN (SELECT value FROM json_each(?))`,
      `ORDER BY ${order.join(', ')}`,
      [list],
    ).map((row) => this.#read(row));
  }

  context(now: Seconds): LeaseContext {
    const { database, names, catalogue, settings } = this.#context;
    const { leases, reportStaleAfter } = settings;
    const reports = new Reports(database);
    const interval = (host: HostName): number => {
      const no = names.hosts.find(host) ?? 0;
      return reports.freshAt(no, now, reportStaleAfter)?.activationInterval ?? leases.activationInterval;
    };
    return { now, settings: leases, catalogue, interval };
  }

  #read(row: Row): StoredLease {
    return readLease(row, this.#context.names, this.#context.catalogue);
  }

  #rows(
    asked: LeaseQuery,
    { sort, reverse }: Sorting,
    cursor: Cursor | undefined,
    limit: number,
    now: Seconds,
  ): readonly Row[] {
    const conditions = this.#conditions(asked, now);
    const client = asked.client === undefined ? undefined : foldMachineName(asked.client);
    const machines = client === undefined ? undefined : findMachines(this.#context.database, client);
    if (machines !== undefined) {
      conditions.add('l.machine IN (SELECT value FROM json_each(?))', JSON.stringify(machines));
    } else if (client !== undefined) conditions.add('instr(m.name, ?) > 0', client);
    const { keys, order, descends, walk } = ORDERS[sort];
    const isDown = (descends !== reverse) !== (cursor?.side === 'before');
    if (cursor !== undefined) {
      conditions.add(`(${keys}) ${isDown ? '<' : '>'} (${keys.map(() => '?')})`, ...cursor.position);
    }
    const ask = (select: (source: LeaseSource) => string, edge?: string | number): readonly Row[] =>
      queryLeases(
        this.#context.database,
        (source) =>
          `${select(source)} WHERE ${conditions.sql} ${edge === undefined ? '' : `AND ${keys[0]} ${isDown ? '>=' : '<='} ?`}`,
        `ORDER BY ${order.map((column) => (isDown ? `${column} DESC` : column)).join(', ')} LIMIT ?`,
        edge === undefined ? conditions.values : [...conditions.values, edge],
        [limit],
      );
    if (walk !== undefined && machines === undefined) {
      const edge = this.#edge(walk, cursor?.position[0] ?? beginOf(walk, reverse), isDown);
      const rows = ask(walk.select, edge);
      if (edge === undefined || rows.length === limit) return rows;
    }
    const index = machines === undefined ? indexFor(asked, sort) : 'machine';
    return ask((source) => selectByLease(source, index));
  }

  /** Where a walk from a position ends; undefined if that is the end of the table. */
  #edge({ table, column }: Walk, from: string | number, isDown: boolean): string | number | undefined {
    const order = `${column} ${isDown ? 'DESC' : 'ASC'}`;
    const row = query(
      this.#context.database,
      `SELECT ${column} FROM ${table} WHERE ${column} ${isDown ? '<=' : '>='} ? ORDER BY ${order} LIMIT 1 OFFSET ?`,
    ).get(from, this.#walked);
    const value = row?.[0];
    return typeof value === 'string' || value === undefined ? value : num(value);
  }

  /** By activation id or name; if none is called so, by all words in a name. */
  #productsNamed(wanted: string): number[] {
    const { database, catalogue } = this.#context;
    const products = query(database, 'SELECT id, activation_id FROM products')
      .all()
      .map(([no, id]) => ({ no: num(no), id: text(id), name: catalogue.nameOf(text(id)).toLowerCase() }));
    const exact = products.filter(({ id, name }) => id === wanted || name === wanted);
    return (exact.length > 0 ? exact : products.filter(({ name }) => hasWords(name, wanted))).map(({ no }) => no);
  }

  #conditions(asked: LeaseQuery, now: Seconds): Conditions {
    const { names, settings } = this.#context;
    return filterOf(asked, settings, now, {
      products: asked.product === undefined ? [] : this.#productsNamed(asked.product.toLowerCase()),
      host: asked.host === undefined ? 0 : (names.hosts.find(settings.aliases[asked.host] ?? asked.host) ?? 0),
    });
  }
}

function beginOf({ begin, end }: Walk, reverse: boolean): string | number {
  return reverse ? end : begin;
}

/** The index that leads to the leases of the state; all of them are read quickest as they lie there, and sorted. */
function indexFor({ state, within }: LeaseQuery, sort: LeaseSort): LeaseIndex {
  if (state === 'renewal_failing') return 'doubt';
  const areMost = (state === undefined || state === 'valid') && within === undefined;
  return areMost && sort !== 'expiry' ? 'none' : 'expiry';
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
