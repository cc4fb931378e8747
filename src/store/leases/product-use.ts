import type { DatabaseSync } from 'node:sqlite';
import { isRefused, REFUSED_WINDOW } from '../../leases/refused.ts';
import { num, type Query, query, text } from '../database/rows.ts';

/** Time, and 1 when it failed. */
type Use = readonly [number, 0 | 1];

/**
 * The newest requests for each product at each host. Two of them and the newest that went well tell whether all of a day
 * failed, so no more are kept, beside those that are still to come.
 */
export class ProductUse {
  readonly #uses = new Map<string, Use[]>();
  readonly #changed = new Set<string>();
  readonly #put: Query;

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
  }

  add(host: number, product: number, time: number, failed: boolean, now: number): void {
    if (time <= now - REFUSED_WINDOW) return;
    const key = `${host} ${product}`;
    const uses = this.#uses.get(key) ?? [];
    const at = uses.findLastIndex(([other]) => other <= time) + 1;
    this.#uses.set(key, shorten(uses.toSpliced(at, 0, [time, failed ? 1 : 0]), now));
    this.#changed.add(key);
  }

  /** Hosts and names of products all of whose requests of the last day failed. */
  *refused(
    now: number,
    nameOf: (product: number) => string,
  ): Iterable<{ readonly host: number; readonly product: string }> {
    const named = new Map<string, { host: number; product: string; uses: Use[] }>();
    for (const [key, uses] of this.#uses) {
      const [host = 0, no = 0] = key.split(' ').map(Number);
      const product = nameOf(no);
      const all = named.get(`${host} ${product}`) ?? { host, product, uses: [] };
      all.uses.push(...uses.filter(([time]) => time <= now && time > now - REFUSED_WINDOW));
      named.set(`${host} ${product}`, all);
    }
    for (const { host, product, uses } of named.values()) {
      if (isRefused(uses.length, uses.filter(([, failed]) => failed === 1).length)) yield { host, product };
    }
  }

  save(): void {
    for (const key of this.#changed) {
      const [host = 0, product = 0] = key.split(' ').map(Number);
      this.#put.run(host, product, JSON.stringify(this.#uses.get(key) ?? []));
    }
    this.#changed.clear();
  }
}

function shorten(uses: readonly Use[], now: number): Use[] {
  const past = uses.findLastIndex(([time]) => time <= now) + 1;
  const lastGood = uses.findLastIndex(([time, failed]) => time <= now && failed === 0);
  return uses.filter((_, index) => index >= past - 2 || index === lastGood);
}
