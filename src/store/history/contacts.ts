import type { DatabaseSync } from 'node:sqlite';
import type { Pool } from '../../leases/types.ts';
import { poolOf } from '../../products/product.ts';
import type { ProductCatalogue } from '../../products/product-catalogue.ts';
import { num, type Query, query, type Row } from '../database/rows.ts';
import { ofClients } from './client-records.ts';
import type { Names } from './names.ts';

/** A request by its numbers, and its time. */
interface Contact {
  readonly no: number;
  readonly client: number;
  readonly hostNo: number;
  readonly time: number;
}

/** The requests that a host answered: what its count is made of. Times are seconds since the epoch. */
export class Contacts {
  readonly #names: Names;
  readonly #catalogue: ProductCatalogue;
  readonly #until: () => number;
  readonly #before: Query;
  readonly #after: Query;
  readonly #between: Query;

  /** @param until the number of the newest record that is looked at */
  constructor(database: DatabaseSync, names: Names, catalogue: ProductCatalogue, until: () => number) {
    this.#names = names;
    this.#catalogue = catalogue;
    this.#until = until;
    const contact = (when: string, order: string) =>
      query(
        database,
        ofClients(
          'o.time, r.product, r.n_policy',
          `o.client = ?1 AND r.hresult = 0 AND r.host = ?2 AND o.time ${when} ?3 AND r.id <= ?4 AND r.id <> ?5`,
          `ORDER BY o.time ${order}`,
        ),
      );
    this.#before = contact('<=', 'DESC');
    this.#after = contact('>', 'ASC');
    this.#between = query(
      database,
      `SELECT client, product, n_policy, machine FROM records INDEXED BY records_key
       WHERE time >= ? AND time < ? AND host = ? AND hresult = 0 AND id <= ?`,
    );
  }

  /**
   * The nearest contacts of a client at a host before (or at) and after that of a request.
   * @param pools in any of them; undefined for products of which nobody knows the pool
   */
  around(
    { client, hostNo, time, no }: Contact,
    pools: readonly (Pool | undefined)[],
  ): { readonly before: number | undefined; readonly after: number | undefined } {
    return {
      before: this.#find(this.#before.iterate(client, hostNo, time, this.#until(), no), pools),
      after: this.#find(this.#after.iterate(client, hostNo, time, this.#until(), no), pools),
    };
  }

  /** The last contact of a client at a host and pool up to a time. */
  lastUntil(client: number, hostNo: number, pool: Pool, time: number): number | undefined {
    return this.#find(this.#before.iterate(client, hostNo, time, this.#until(), 0), [pool]);
  }

  /** Client, product and machine of the contacts of a host and pool in [from, until), of one N-policy or of any. */
  *between(
    hostNo: number,
    pool: Pool,
    from: number,
    until: number,
    n?: number,
  ): Iterable<readonly [client: number, product: number, machine: number]> {
    for (const [client, product, nPolicy, machine] of this.#between.iterate(from, until, hostNo, this.#until())) {
      if (n !== undefined && num(nPolicy) !== n) continue;
      if (this.#poolOf(product, nPolicy) === pool)
        yield [num(client), num(product), this.#names.machines.machineOf(num(machine))];
    }
  }

  #find(rows: Iterable<Row>, pools: readonly (Pool | undefined)[]): number | undefined {
    for (const [time, product, nPolicy] of rows) {
      const pool = this.#poolOf(product, nPolicy);
      const isStranger = pool === undefined && !this.#catalogue.isNamed(this.#names.products.name(num(product)));
      if ((pool !== undefined || isStranger) && pools.includes(pool)) return num(time);
    }
    return undefined;
  }

  #poolOf(product: Row[number] | undefined, nPolicy: Row[number] | undefined): Pool | undefined {
    return poolOf(this.#catalogue.classOf(this.#names.products.name(num(product)), num(nPolicy)));
  }
}
