import type { DatabaseSync } from 'node:sqlite';
import type { ProductCatalogue } from '../../products/product-catalogue.ts';
import { readMeta, writeMeta } from '../database/meta.ts';

const META = 'office_products';

/** Products of no table whose leases were derived as Office, as requests showed it. */
export function readOfficeProducts(database: DatabaseSync): readonly string[] {
  return JSON.parse(readMeta(database, META) ?? '[]');
}

export function writeOfficeProducts(database: DatabaseSync, catalogue: ProductCatalogue): void {
  writeMeta(database, META, JSON.stringify([...catalogue.office].sort()));
}
