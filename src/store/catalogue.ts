import { createHash } from 'node:crypto';
import type { LeaseClass, Pool } from '../leases/types.ts';
import { HOST_KEYS } from '../products/host-keys.ts';
import { OFFICE } from '../products/office.ts';
import { type NamedProduct, type Product, productOf } from '../products/product.ts';
import { WINDOWS_CLIENTS } from '../products/windows-clients.ts';
import { WINDOWS_SERVERS } from '../products/windows-servers.ts';
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

/** What activation ids mean; asked for every record, so what was found out once is kept. */
export class Catalogue {
  readonly #configured: ReadonlyMap<string, NamedProduct>;
  readonly #known = new Map<string, Product>();

  constructor({ products }: StoreSettings) {
    this.#configured = new Map(products.map(({ activationId, name, cls }) => [activationId, { name, class: cls }]));
  }

  isNamed(activationId: string): boolean {
    return this.#product(activationId).known;
  }

  nameOf(activationId: string): string {
    return this.#product(activationId).name ?? activationId;
  }

  classOf(activationId: string, nPolicy: number): LeaseClass {
    const product = this.#product(activationId);
    return product.known ? product.class : productOf(activationId, nPolicy, this.#configured).class;
  }

  #product(activationId: string): Product {
    const known = this.#known.get(activationId);
    if (known !== undefined) return known;
    const product = productOf(activationId, 0, this.#configured);
    this.#known.set(activationId, product);
    return product;
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
