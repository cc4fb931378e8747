import { createHash } from 'node:crypto';
import type { LeaseClass, Pool } from '../leases/types.ts';
import { type NamedProduct, productOf, TABLE_IDS } from '../products/product.ts';
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

  /** The activation ids with a name, or with this id. */
  idsNamed(text: string): string[] {
    const wanted = text.toLowerCase();
    const ids = [...this.#configured.keys(), ...TABLE_IDS];
    return [...new Set([wanted, ...ids.filter((id) => this.nameOf(id).toLowerCase() === wanted)])];
  }

  classOf(activationId: string, nPolicy: number): LeaseClass {
    return productOf(activationId, nPolicy, this.#configured).class;
  }
}

/** Changes with the tables of products, as the state of leases then does. */
export function tablesDigest(): string {
  const ids = [WINDOWS_CLIENTS, WINDOWS_SERVERS, OFFICE].map((table) => [...table.keys()]);
  const keys = [...HOST_KEYS].map(([id, key]) => [id, key.class]);
  return createHash('sha1')
    .update(JSON.stringify([...ids, keys]))
    .digest('base64');
}
