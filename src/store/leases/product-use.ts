import type { DatabaseSync } from 'node:sqlite';
import { firstPlace } from '../../kernel/partition.ts';
import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import { NOT_COVERED, REFUSED_AT_LEAST, REFUSED_WINDOW } from '../../leases/refused.ts';
import { num, type Query, query, text } from '../database/rows.ts';
import { ofClients } from '../history/client-records.ts';

/** Time, 1 when the host's keys did not cover it, and the number of its class. */
type Use = readonly [time: number, refused: 0 | 1, cls: number];

/** A product that was asked for at a host in the last 30 days. */
export interface AskedProduct {
  readonly host: number;
  readonly product: number;
  /** By its newest request. */
  readonly cls: number;
  /** By `isRefused`. */
  readonly isRefused: boolean;
  /** Of the newest requests, those that the keys of the host did not cover, and others: one of each at least. */
  readonly answers: { readonly refused: boolean; readonly other: boolean };
}

/**
 * The newest requests for each product at each host: two, the newest of each result, and those that are still to come. They
 * tell what was asked for, and whether all of a day was refused. Which clients were refused is looked up in the records.
 */
export class ProductUse {
  readonly #uses = new Map<string, Use[]>();
  readonly #changed = new Set<string>();
  readonly #put: Query;
  readonly #refusedClients: Query;

  /** @param isEmpty begins with none, whatever is stored */
  constructor(database: DatabaseSync, isEmpty = false) {
    const stored = isEmpty ? [] : query(database, 'SELECT host, product, requests FROM product_use').all();
    for (const [host, product, requests] of stored) {
      this.#uses.set(`${num(host)} ${num(product)}`, JSON.parse(text(requests)));
    }
    this.#put = query(
      database,
      `INSERT INTO product_use (host, product, requests) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET requests = excluded.requests`,
    );
    const other = `o.client = one.client AND o.time > ?3 AND o.time <= ?4
      AND r.host = ?1 AND r.product = ?2 AND r.hresult <> ${NOT_COVERED}`;
    this.#refusedClients = query(
      database,
      `SELECT DISTINCT client FROM records one INDEXED BY records_not_covered
       WHERE hresult = ${NOT_COVERED} AND host = ?1 AND product = ?2 AND time > ?3 AND time <= ?4
         AND NOT EXISTS (${ofClients('1', other)}) LIMIT ${REFUSED_AT_LEAST}`,
    );
  }

  add(host: number, product: number, time: number, hresult: number, cls: number, now: number): void {
    if (time <= now - CENSUS_WINDOW) return;
    const key = `${host} ${product}`;
    const uses = this.#uses.get(key) ?? [];
    const use: Use = [time, hresult === NOT_COVERED ? 1 : 0, cls];
    if (isSettled(uses.slice(0, countPast(uses, now)), use)) return;
    uses.splice(
      firstPlace(uses.length, (place) => isLater(uses[place], use)),
      0,
      use,
    );
    shorten(uses, countPast(uses, now));
    this.#uses.set(key, uses);
    this.#changed.add(key);
  }

  *asked(now: number): Iterable<AskedProduct> {
    for (const [key, uses] of this.#uses) {
      const past = uses.filter(([time]) => time <= now && time > now - CENSUS_WINDOW);
      const newest = past.at(-1);
      if (newest === undefined) continue;
      const [host = 0, product = 0] = key.split(' ').map(Number);
      const answers = { refused: past.some(([, is]) => is === 1), other: past.some(([, is]) => is === 0) };
      yield { host, product, cls: newest[2], isRefused: this.#isRefused(host, product, past, now), answers };
    }
  }

  save(): void {
    for (const key of this.#changed) {
      const [host = 0, product = 0] = key.split(' ').map(Number);
      this.#put.run(host, product, JSON.stringify(this.#uses.get(key) ?? []));
    }
    this.#changed.clear();
  }

  #isRefused(host: number, product: number, past: readonly Use[], now: number): boolean {
    const day = past.filter(([time]) => time > now - REFUSED_WINDOW);
    const refused = day.filter(([, isRefused]) => isRefused === 1).length;
    if (refused === 0) return false;
    if (refused === day.length && day.length >= REFUSED_AT_LEAST) return true;
    return this.#refusedClients.all(host, product, now - REFUSED_WINDOW, now).length >= REFUSED_AT_LEAST;
  }
}

/** Whether one belongs behind the other. */
function isLater(use: Use | undefined, [time, , cls]: Use): boolean {
  return use !== undefined && (use[0] > time || (use[0] === time && use[2] > cls));
}

/** How many are not still to come; of those there may be very many while a clock is wrong. @param uses oldest first */
function countPast(uses: readonly Use[], now: number): number {
  return firstPlace(uses.length, (place) => (uses[place]?.[0] ?? 0) > now);
}

/** Whether those that are kept make no difference between having this one and not, as of nearly all of a history. */
function isSettled(past: readonly Use[], [time, refused]: Use): boolean {
  const newer = past.filter((other) => other[0] > time);
  return newer.length > 1 && newer.some((other) => other[1] === refused);
}

/** Leaves of the first ones, which are past, the last two and the last of each result. */
function shorten(uses: Use[], count: number): void {
  const past = uses.slice(0, count);
  const newestOf = [0, 1].map((result) => past.findLastIndex(([, refused]) => refused === result));
  const kept = past.filter((_, index) => index >= count - 2 || newestOf.includes(index));
  uses.splice(0, count, ...kept);
}
