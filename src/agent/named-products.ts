import type { Config } from '../config/schema.ts';
import type { NamedProduct } from '../products/product.ts';

/** The user's own names of products, by activation id. */
export function namedProducts({ products }: Config): ReadonlyMap<string, NamedProduct> {
  return new Map(products.map(({ activation_id, name, class: cls }) => [activation_id, { name, class: cls }]));
}
