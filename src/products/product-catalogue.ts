import { classOfRequest, type NamedProduct, type Product, productOf } from './product.ts';
import type { KnownClass, ProductClass } from './product-class.ts';
import { N_POLICIES } from './product-class.ts';

interface ConfiguredProducts {
  /** The user's own names of products. */
  readonly products: readonly { readonly activationId: string; readonly name: string; readonly cls: KnownClass }[];
}

/** What activation ids mean; asked for every record, so what was found out once is kept. */
export class ProductCatalogue {
  #configured: ReadonlyMap<string, NamedProduct> = new Map();
  readonly #known = new Map<string, Product>();
  #office: ReadonlySet<string> = new Set();

  constructor(settings: ConfiguredProducts) {
    this.configure(settings);
  }

  configure({ products }: ConfiguredProducts): void {
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

  classOf(activationId: string, nPolicy: number): ProductClass {
    const product = this.#product(activationId);
    return classOfRequest(product.known ? product.class : undefined, nPolicy, this.#office.has(activationId));
  }

  /** Whether a table has another class for what a request shows (`classOfRequest`). */
  isOverruled(activationId: string, cls: ProductClass): boolean {
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
