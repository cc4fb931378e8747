import type { DatabaseSync } from 'node:sqlite';
import type { Seconds } from '../../kernel/time.ts';
import type { VerdictSettings } from '../../machines/types.ts';
import type { ProductCatalogue } from '../../products/product-catalogue.ts';
import type { Names } from '../history/names.ts';
import type { StoreSettings } from '../settings.ts';

/** The sources of a join. */
export interface JoinContext {
  readonly database: DatabaseSync;
  readonly names: Names;
  readonly catalogue: ProductCatalogue;
  readonly settings: StoreSettings;
  readonly now: Seconds;
}

export function verdictSettings({ leases, inventory }: StoreSettings): VerdictSettings {
  return { validity: leases.validity, renewalInterval: leases.renewalInterval, ...inventory };
}
