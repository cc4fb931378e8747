import type { LeaseClass, Pool } from '../leases/types.ts';
import { type NamedProduct, productOf } from '../products/product.ts';
import type { StoreSettings } from './settings.ts';

/** Classes and pools as the database numbers them. */
export const CLASSES = ['client', 'server', 'office', 'unknown'] as const satisfies readonly LeaseClass[];
export const POOLS = ['windows', 'office'] as const satisfies readonly Pool[];
export const LOGS = ['application', 'kms'] as const;

/** Classes that can take each other's place, as `supersessionGroup` has them. */
export function groupNo(cls: number): number {
  return cls <= 1 ? 0 : cls - 1;
}

export function classOf(no: number): LeaseClass {
  return CLASSES[no] ?? 'unknown';
}

/** What activation ids mean: by the configuration, else by the tables of `src/products`. */
export class Catalogue {
  readonly #configured: ReadonlyMap<string, NamedProduct>;

  constructor({ products }: Pick<StoreSettings, 'products'>) {
    this.#configured = new Map(products.map(({ activationId, name, cls }) => [activationId, { name, class: cls }]));
  }

  isNamed(activationId: string): boolean {
    return productOf(activationId, 0, this.#configured).known;
  }

  nameOf(activationId: string): string {
    return productOf(activationId, 0, this.#configured).name ?? activationId;
  }

  classOf(activationId: string, nPolicy: number): LeaseClass {
    return productOf(activationId, nPolicy, this.#configured).class;
  }
}
