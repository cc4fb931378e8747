import type { DatabaseSync } from 'node:sqlite';
import type { ActivationWay } from '../../inventory/types.ts';
import type { LeaseClass } from '../../leases/types.ts';
import type { WordFacts } from '../../machines/types.ts';
import type { ProductCatalogue } from '../../products/product-catalogue.ts';
import { maybe, num, query, type Row, text } from '../database/rows.ts';

/** The word of a machine about one of its products. */
export interface ProductWord extends WordFacts {
  readonly activationId: string;
  readonly product: string;
  readonly cls: LeaseClass;
}

const COLUMNS = 'activation_id, at, product, status, minutes, way, is_host_key';

/** @yields the words of all machines */
export function* allWords(
  database: DatabaseSync,
  catalogue: ProductCatalogue,
): Iterable<readonly [string, ProductWord]> {
  for (const row of query(database, `SELECT machine, ${COLUMNS} FROM client_words`).iterate())
    yield [text(row[0]), wordOf(row.slice(1), catalogue)];
}

/** The words of a machine under one name. */
export const WORDS = `SELECT ${COLUMNS} FROM client_words WHERE machine = ?`;

/** @param row of `WORDS` */
export function wordOf(row: Row, catalogue: ProductCatalogue): ProductWord {
  const [id, at, said, status, minutes, way, hostKey] = row;
  const activationId = text(id);
  const product = catalogue.isNamed(activationId) || said === null ? catalogue.nameOf(activationId) : text(said);
  return {
    activationId,
    product,
    cls: catalogue.isNamed(activationId) ? catalogue.classOf(activationId, 0) : classOfName(product),
    at: num(at),
    status: maybe(status) ?? null,
    minutes: maybe(minutes) ?? null,
    way: (way === null ? null : text(way)) as ActivationWay,
    hostKey: hostKey === 1,
  };
}

/** Of a product that no table has, such as one with a key of a manufacturer. */
function classOfName(product: string): LeaseClass {
  if (/office|project|visio/i.test(product)) return 'office';
  if (!/windows/i.test(product)) return 'unknown';
  return /server/i.test(product) ? 'server' : 'client';
}
