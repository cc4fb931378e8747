import type { DatabaseSync } from 'node:sqlite';
import { ProductCatalogue } from '../../products/product-catalogue.ts';
import { type Names, namesOf } from '../history/names.ts';
import { readOfficeProducts } from '../history/office-products.ts';
import { Records } from '../history/records.ts';
import type { StoreSettings } from '../settings.ts';

/** What a reader answers from. */
export interface ReadContext {
  readonly database: DatabaseSync;
  readonly settings: StoreSettings;
  readonly names: Names;
  readonly catalogue: ProductCatalogue;
  readonly records: Records;
}

export function readContext(database: DatabaseSync, settings: StoreSettings): ReadContext {
  const names = namesOf(database);
  const catalogue = new ProductCatalogue(settings);
  refresh({ database, catalogue });
  return { database, settings, names, catalogue, records: new Records(database, names, catalogue) };
}

/** Takes in which products requests have shown to be Office meanwhile. */
export function refresh({ database, catalogue }: Pick<ReadContext, 'database' | 'catalogue'>): void {
  catalogue.inferOffice(readOfficeProducts(database));
}
