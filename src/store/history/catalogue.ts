import type { LeaseClass, Pool } from '../../leases/types.ts';
import { classOfRequest, type NamedProduct, type Product, productOf } from '../../products/product.ts';
import { N_POLICIES } from '../../products/product-class.ts';
import type { StoreSettings } from '../settings.ts';

/** Classes and pools as the database numbers them. */
export const CLASSES = ['client', 'server', 'office', 'unknown'] as const satisfies readonly LeaseClass[];
export const POOLS = ['windows', 'office'] as const satisfies readonly Pool[];
export const LOGS = ['application', 'kms'] as const;

/** Groups of classes by their numbers. */
export const GROUPS = [0, 1, 2] as const;

/** Classes that can take each other's place, as in `supersessionGroup`. */
export function groupNo(cls: number): number {
  return cls <= 1 ? 0 : cls - 1;
}

export function classNo(cls: LeaseClass): number {
  return CLASSES.indexOf(cls);
}

export function classOf(no: number): LeaseClass {
  return CLASSES[no] ?? 'unknown';
}

/** What activation ids mean; asked for every record, so what was found out once is kept. */
export class Catalogue {
  #configured: ReadonlyMap<string, NamedProduct> = new Map();
  readonly #known = new Map<string, Product>();
  #office: ReadonlySet<string> = new Set();

  constructor(settings: StoreSettings) {
    this.configure(settings);
  }

  configure({ products }: StoreSettings): void {
    this.#configured = new Map(products.map(({ activationId, name, cls }) => [activationId, { name, class: cls }]));
    this.#known.clear();
  }

  /** Products of no table that requests show to be Office (`inferredOffice`). */
  get office(): ReadonlySet<string> {
    return this.#office;
  }

  inferOffice(activationIds: Iterable<string>): void {
    this.#office = new Set(activationIds);
  }

  /** Whether a product may be Server or Office: no table names it, and it needs 5. */
  isOpen(activationId: string, nPolicy: number): boolean {
    return nPolicy === N_POLICIES.office && !this.isNamed(activationId);
  }

  isNamed(activationId: string): boolean {
    return this.#product(activationId).known;
  }

  /** The class by a table, '' when none names the id: while it stays the same, so do its leases. */
  derivedClass(activationId: string): string {
    const { known, class: cls } = this.#product(activationId);
    return known ? cls : '';
  }

  nameOf(activationId: string): string {
    return this.#product(activationId).name ?? activationId;
  }

  classOf(activationId: string, nPolicy: number): LeaseClass {
    const product = this.#product(activationId);
    return classOfRequest(product.known ? product.class : undefined, nPolicy, this.#office.has(activationId));
  }

  /** Whether a table has another class for what a request shows (`classOfRequest`). */
  isOverruled(activationId: string, cls: LeaseClass): boolean {
    const product = this.#product(activationId);
    return product.known && product.class !== cls;
  }

  #product(activationId: string): Product {
    const known = this.#known.get(activationId);
    if (known !== undefined) return known;
    const product = productOf(activationId, 0, this.#configured);
    this.#known.set(activationId, product);
    return product;
  }
}
